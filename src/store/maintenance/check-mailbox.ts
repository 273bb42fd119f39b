/** One mailbox: counters beside rows, and rows that belong to nothing. */
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { removedFolder, removedItem } from '../tables.ts'
import type { Check } from './check.ts'

const page = 1000
const listed = 100

interface Counted {
  total: number
  unread: number
  associatedTotal: number
  size: number
}

/** Notes every difference of the mailbox. */
export async function checkMailbox(check: Check, row: Tables['mailboxes']): Promise<void> {
  const { session, report, find } = check
  const { mailbox } = row
  report.mailboxes++
  const folders = await session.db.selectFrom('folders').selectAll().where('mailbox', '=', mailbox).execute()
  report.folders += folders.length
  const counted = new Map<number, Counted>(folders.map(({ id }) => [id, { total: 0, unread: 0, associatedTotal: 0, size: 0 }]))
  const { size, newest } = await countItems(check, mailbox, counted)

  const where = (folder: number) => `mailbox ${mailbox}, folder ${folder}`
  for (const folder of folders) {
    const counts = counted.get(folder.id)
    for (const name of ['total', 'unread', 'associatedTotal', 'size'] as const) {
      if (counts && folder[name] !== counts[name]) find(`${name} says ${folder[name]}, its items make ${counts[name]}`, where(folder.id))
    }
    const children = folders.filter((child) => child.parent === folder.id && child.hidden === 0).length
    if (folder.children !== children) find(`children says ${folder.children}, there are ${children}`, where(folder.id))
    if (folder.parent !== 0 && !counted.has(folder.parent)) find(`its parent ${folder.parent} is not there`, where(folder.id))
  }
  if (row.size !== size) find(`size says ${row.size}, its items make ${size}`, `mailbox ${mailbox}`)
  const last = Math.max(newest, ...folders.map((folder) => Math.max(folder.change, folder.contentChange)))
  if (last > row.change) find(`the last change is ${row.change}, a row carries ${last}`, `mailbox ${mailbox}`)
  await findOrphans(check, mailbox)
}

/** Adds the items up by folder, in pages. */
async function countItems(check: Check, mailbox: string, counted: Map<number, Counted>): Promise<{ size: number; newest: number }> {
  const { session, report, find, advance } = check
  let size = 0
  let newest = 0
  let after = 0
  for (;;) {
    const items = await session.db
      .selectFrom('items')
      .select(['id', 'folder', 'associated', 'isRead', 'size', 'change', 'subject'])
      .select(sql<number>`case when ${session.flavour.hasWords} then 1 else 0 end`.as('hasWords'))
      .where('mailbox', '=', mailbox)
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute()
    for (const item of items) {
      const where = `mailbox ${mailbox}, item ${item.id}`
      after = item.id
      size += item.size
      newest = Math.max(newest, item.change)
      if (item.hasWords === 0 && /[a-z0-9]/i.test(item.subject)) find('the text index does not know it', where)
      const counts = counted.get(item.folder)
      if (!counts) {
        find(`its folder ${item.folder} is not there`, where)
        continue
      }
      counts.size += item.size
      if (item.associated === 1) counts.associatedTotal++
      else counts.total++
      if (item.associated === 0 && item.isRead === 0) counts.unread++
    }
    report.items += items.length
    await advance(items.length)
    if (items.length < page) return { size, newest }
  }
}

async function findOrphans(check: Check, mailbox: string): Promise<void> {
  const { session, find } = check
  const { db } = session
  const attachments = await db
    .selectFrom('attachments')
    .select(['item', 'number'])
    .where('mailbox', '=', mailbox)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('items')
            .select('items.id')
            .whereRef('items.mailbox', '=', 'attachments.mailbox')
            .whereRef('items.id', '=', 'attachments.item'),
        ),
      ),
    )
    .limit(listed)
    .execute()
  for (const { item, number } of attachments) find(`its item is not there`, `mailbox ${mailbox}, item ${item}, attachment ${number}`)

  for (const [table, what] of [
    ['items', removedItem],
    ['folders', removedFolder],
  ] as const) {
    // prettier-ignore
    const living = await sql<{ id: number }>`select "tombstones"."id" as "id" from "tombstones"
      inner join ${sql.table(table)} as "living" on "living"."mailbox" = "tombstones"."mailbox" and "living"."id" = "tombstones"."id"
      where "tombstones"."mailbox" = ${mailbox} and "tombstones"."what" = ${what} limit ${listed}`.execute(db)
    for (const { id } of living.rows)
      find('it is there and has a tombstone', `mailbox ${mailbox}, ${table === 'items' ? 'item' : 'folder'} ${id}`)
  }
}

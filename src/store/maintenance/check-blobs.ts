/** Every blob: its digest, its size, and its count of references beside the rows that refer to it. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Check } from './check.ts'

/** Digests are compared with the rows that name them in as many passes as keep this many in memory. */
const inMemory = 250_000
const page = 50
const rowPage = 2000

export async function checkBlobs(check: Check): Promise<void> {
  const { db } = check.session
  const { rows } = await sql<{ count: number }>`select (select count(*) from "items") * 2 + (select count(*) from "attachments")
    + (select count(*) from "queueMessages") as "count"`.execute(db)
  const passes = Math.max(1, Math.ceil(Number(rows[0]?.count ?? 0) / inMemory))
  for (let pass = 0; pass < passes; pass++) {
    const mine = (digest: string) => Number.parseInt(digest.slice(0, 6), 16) % passes === pass
    const expected = await countReferences(check, mine)
    await compare(check, expected, mine)
  }
}

/** How often rows name each digest, by owner and digest. */
async function countReferences(check: Check, mine: (digest: string) => boolean): Promise<Map<string, number>> {
  const { db } = check.session
  const expected = new Map<string, number>()
  const note = (owner: string, digest: string | null) => {
    if (digest === null || !mine(digest)) return
    const key = `${owner} ${digest}`
    expected.set(key, (expected.get(key) ?? 0) + 1)
  }
  let item = { mailbox: '', id: 0 }
  for (;;) {
    const rows = await db
      .selectFrom('items')
      .select(['mailbox', 'id', 'mime', 'body'])
      .where(sql<boolean>`("mailbox", "id") > (${item.mailbox}, ${item.id})`)
      .orderBy('mailbox')
      .orderBy('id')
      .limit(rowPage)
      .execute()
    for (const row of rows) {
      note(row.mailbox, row.mime)
      note(row.mailbox, row.body)
      item = row
    }
    await check.advance(0)
    if (rows.length < rowPage) break
  }
  let attachment = { mailbox: '', item: 0, number: 0 }
  for (;;) {
    const rows = await db
      .selectFrom('attachments')
      .select(['mailbox', 'item', 'number', 'blob'])
      .where(sql<boolean>`("mailbox", "item", "number") > (${attachment.mailbox}, ${attachment.item}, ${attachment.number})`)
      .orderBy('mailbox')
      .orderBy('item')
      .orderBy('number')
      .limit(rowPage)
      .execute()
    for (const row of rows) {
      note(row.mailbox, row.blob)
      attachment = row
    }
    if (rows.length < rowPage) break
  }
  let message = { organisation: '', id: '' }
  for (;;) {
    const rows = await db
      .selectFrom('queueMessages')
      .select(['organisation', 'id', 'blob'])
      .where(sql<boolean>`("organisation", "id") > (${message.organisation}, ${message.id})`)
      .orderBy('organisation')
      .orderBy('id')
      .limit(rowPage)
      .execute()
    for (const row of rows) {
      note(row.organisation, row.blob)
      message = row
    }
    if (rows.length < rowPage) return expected
  }
}

async function compare(check: Check, expected: Map<string, number>, mine: (digest: string) => boolean): Promise<void> {
  const { session, report, find } = check
  let after = { owner: '', digest: '' }
  for (;;) {
    const rows = await session.db
      .selectFrom('blobs')
      .selectAll()
      .where(sql<boolean>`("owner", "digest") > (${after.owner}, ${after.digest})`)
      .orderBy('owner')
      .orderBy('digest')
      .limit(page)
      .execute()
    for (const row of rows) {
      after = row
      if (!mine(row.digest)) continue
      report.blobs++
      const where = `owner ${row.owner}, blob ${row.digest}`
      const key = `${row.owner} ${row.digest}`
      const refs = expected.get(key) ?? 0
      expected.delete(key)
      if (row.refs !== refs) find(`refs says ${row.refs}, ${refs} rows name it`, where)
      const bytes = row.content ?? (await session.files.read(row.digest))
      if (!bytes) find('its bytes are not there', where)
      else if (bytes.length !== row.size || createHash('sha256').update(bytes).digest('hex') !== row.digest)
        find('its bytes are not those of its digest', where)
    }
    await check.advance(rows.length)
    if (rows.length < page) break
  }
  for (const key of expected.keys()) find('a row names a blob that is not there', `owner ${key.replace(' ', ', blob ')}`)
}

/** `isthmus store check`: what is counted beside what is there, what belongs to nothing, what does not read back. */
import type { BlobFiles } from '../blob-files.ts'
import type { CheckReport } from '../contract.ts'
import type { Engine } from '../engine.ts'
import type { Session } from '../session.ts'
import { checkBlobs } from './check-blobs.ts'
import { checkMailbox } from './check-mailbox.ts'
import { checkOrganisations } from './check-organisations.ts'

const page = 100

/** What the parts of a check share. */
export interface Check {
  session: Session
  report: CheckReport
  /** Notes a finding; only the first thousand are kept. */
  find(what: string, where: string): void
  /** Says that so many rows were looked at, and lets others run. */
  advance(rows: number): Promise<void>
}

/** Reads the whole store on one snapshot. Memory grows with the largest folder tree, not with items or blobs. */
export async function checkStore(input: {
  engine: Engine
  files: BlobFiles
  progress?: (done: number, total: number) => void
}): Promise<CheckReport> {
  const report: CheckReport = { mailboxes: 0, folders: 0, items: 0, blobs: 0, findings: [] }
  const find = (what: string, where: string) => {
    if (report.findings.length < 1000) report.findings.push({ what, where })
  }
  for (const line of await input.engine.integrity()) find(`the database is damaged: ${line}`, 'database')
  await input.engine.read(async (session) => {
    const total = await totalRows(session)
    let done = 0
    const advance = async (rows: number) => {
      done += rows
      input.progress?.(Math.min(done, total), total)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const check: Check = { session, report, find, advance }
    let after = ''
    for (;;) {
      const mailboxes = await session.db
        .selectFrom('mailboxes')
        .selectAll()
        .where('mailbox', '>', after)
        .orderBy('mailbox')
        .limit(page)
        .execute()
      for (const mailbox of mailboxes) {
        await checkMailbox(check, mailbox)
        after = mailbox.mailbox
      }
      if (mailboxes.length < page) break
    }
    for (const row of await session.flavour.orphanWords(session, 100)) find('the text index knows an item that is not there', `row ${row}`)
    await checkOrganisations(check)
    await checkBlobs(check)
    input.progress?.(total, total)
  })
  return report
}

async function totalRows(session: Session): Promise<number> {
  const count = async (table: 'items' | 'blobs') => {
    const row = await session.db
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirst()
    return Number(row?.count ?? 0)
  }
  return (await count('items')) + (await count('blobs'))
}

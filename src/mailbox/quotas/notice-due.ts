import type { Instant } from '#model'
import type { MailboxRow, WriteTx } from '#store'
import type { QuotaLevel } from './levels.ts'

export const quotaNoticeKind = 'MailboxQuotaNotice'

/** The owner is to be told of a level, soon: the job finds out whether that is still so, and whether it was said today. */
export async function makeNoticeDue(
  tx: Pick<WriteTx, 'jobs'>,
  { organisation, mailbox }: Pick<MailboxRow, 'organisation' | 'mailbox'>,
  level: QuotaLevel,
  now: Instant,
): Promise<void> {
  await tx.jobs.save({ organisation, id: `quota:${mailbox}:${level}`, kind: quotaNoticeKind, due: now, state: { mailbox } })
}

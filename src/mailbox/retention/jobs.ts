import type { Instant } from '#model'
import type { WriteTx } from '#store'

/** Kinds of jobs: a round over one mailbox, and the day's plan of rounds of an organisation. */
export const assistantKind = 'ManagedFolderAssistant'
export const scheduleKind = 'ManagedFolderAssistantSchedule'

const jobOf = (mailbox: string) => `${assistantKind}:${mailbox}`

/** A round over the mailbox is due now. One that runs goes on; one that waits no longer does. */
export async function hurryAssistant(tx: WriteTx, organisation: string, mailbox: string, now: Instant): Promise<void> {
  await planAssistant(tx, organisation, mailbox, now)
  await tx.jobs.hurry(organisation, jobOf(mailbox), now)
}

/** A round over the mailbox has its turn some time from now, unless it has one already. */
export async function planAssistant(tx: WriteTx, organisation: string, mailbox: string, due: Instant): Promise<void> {
  const id = jobOf(mailbox)
  if (!(await tx.jobs.get(organisation, id))) await tx.jobs.save({ organisation, id, kind: assistantKind, due, state: { mailbox } })
}

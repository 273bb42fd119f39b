import { ownerWithin } from '#directory'
import type { Instant } from '#model'
import type { JobRow, Store, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { recoverableTree } from '../recoverable/folder.ts'
import { planAssistant, scheduleKind } from './jobs.ts'

const day = 86_400_000
/** Mailboxes of one step. Their rounds are spread over so long, so that not all of them begin at once. */
const page = 100
const spread = 6 * 3_600_000

/** Plans the day's rounds of an organisation's mailboxes: of those in which something may be due. In steps; once a day. */
export function createAssistantSchedule({ store, clock }: Pick<MailboxContext, 'store' | 'clock'>): {
  kind: string
  run(job: Pick<JobRow, 'organisation' | 'state'>): Promise<{ state: Record<string, unknown>; due: Instant }>
} {
  return {
    kind: scheduleKind,
    async run({ organisation, state }) {
      const began = typeof state.began === 'number' ? state.began : clock()
      const mailboxes = await store.read((tx) => tx.mailboxes.list(organisation, String(state.after ?? ''), page))
      for (const { mailbox } of mailboxes) {
        await store.write(async (tx) => {
          if (await mayHoldSomethingDue(tx, organisation, mailbox)) {
            await planAssistant(tx, organisation, mailbox, clock() + offsetOf(mailbox))
          }
        })
      }
      if (mailboxes.length === page) return { state: { began, after: mailboxes.at(-1)!.mailbox }, due: clock() }
      return { state: {}, due: Math.min(began, clock()) + day }
    },
  }
}

async function mayHoldSomethingDue(tx: WriteTx, organisation: string, mailbox: string): Promise<boolean> {
  const owner = await ownerWithin(tx, organisation, mailbox)
  if (!owner) return false
  if (typeof owner.kept?.RetentionPolicy === 'string') return true
  const tree = await recoverableTree(tx, mailbox)
  // Entries of the logs, and what is remembered of folders that were removed, go when they are old enough, whether new ones come or not.
  return tree.some(({ kind, total, associatedTotal }) => total > 0 || (kind === 'audits' && associatedTotal > 0))
}

/** The same for a mailbox every day. */
const offsetOf = (mailbox: string): number => Math.floor((Number.parseInt(mailbox.slice(0, 8), 16) / 2 ** 32) * spread)

/** Sees to it that an organisation has its plan. A clock that was ahead for a while does not keep it waiting. */
export async function scheduleAssistant({ store, clock }: { store: Store; clock: () => Instant }, organisation: string): Promise<void> {
  await store.write(async (tx) => {
    const now = clock()
    const known = await tx.jobs.get(organisation, scheduleKind)
    if (known && known.due <= now + day) return
    await tx.jobs.save({ organisation, id: scheduleKind, kind: scheduleKind, due: now + day, state: known?.state ?? {} })
  })
}

import { systemCaller, type Instant } from '#model'
import type { JobRow, Store } from '#store'
import type { Log } from '../context.ts'
import type { QuotaVerbs } from './contract.ts'
import { quotaNoticeKind } from './notice-due.ts'

const day = 24 * 3_600_000
const pageSize = 100
/** Mailboxes named by the health report, of those whose Recoverable Items are nearly full. */
const mostNamed = 100

const quotaSweepKind = 'MailboxQuotaSweep'

interface Needs {
  store: Pick<Store, 'read' | 'write'>
  mailboxes: QuotaVerbs
  clock: () => Instant
  log: Log
}

type Next = { state: Record<string, unknown>; due: Instant }

/** How far a day's look at an organisation's mailboxes has come. */
interface Sweep {
  began: Instant
  after: string
  /** Mailboxes whose Recoverable Items have reached their warning, of this look … */
  found: string[]
  /** … and of the one before, which is whole. */
  over: string[]
}

/**
 * The jobs by which owners hear of quotas: one soon after a level was reached, and one a day that looks at every mailbox of an organisation, a
 * page a step, so that who stays above a level, or got there by a lower quota, is told too.
 */
export function createQuotaJobs({ store, mailboxes, clock, log }: Needs): { kind: string; run(job: JobRow): Promise<void | Next> }[] {
  async function tell(organisation: string, mailbox: string): Promise<void> {
    const level = await mailboxes.tellOfQuota(systemCaller(organisation), mailbox)
    if (level) log.info({ event: 'quota', mailbox, level }, 'the owner was told that the mailbox has reached a quota')
  }

  async function isOver(organisation: string, mailbox: string): Promise<boolean> {
    const bytes = await mailboxes.recoverableOverWarning(systemCaller(organisation), mailbox)
    if (bytes === undefined) return false
    log.warn({ event: 'quota', mailbox, bytes }, 'Recoverable Items of a mailbox have reached RecoverableItemsWarningQuota')
    return true
  }

  return [
    { kind: quotaNoticeKind, run: ({ organisation, state }) => tell(organisation, String(state.mailbox)) },
    {
      kind: quotaSweepKind,
      async run({ organisation, state }) {
        const { began = clock(), after = '', found = [], over = [] } = state as Partial<Sweep>
        const page = await store.read((tx) => tx.mailboxes.list(organisation, after, pageSize))
        for (const { mailbox } of page) {
          try {
            await tell(organisation, mailbox)
            if (found.length < mostNamed && (await isOver(organisation, mailbox))) found.push(mailbox)
          } catch (err) {
            // One that cannot be looked at does not keep the others from it.
            log.error({ event: 'quota', mailbox, err }, 'the quotas of a mailbox could not be looked at; tomorrow they are again')
          }
        }
        const last = page.at(-1)
        if (last && page.length === pageSize) return { state: { began, after: last.mailbox, found, over } satisfies Sweep, due: clock() }
        return { state: { over: found }, due: Math.max(clock(), began + day) }
      },
    },
  ]
}

/** Sees to it that every organisation's mailboxes are looked at daily. */
export async function startQuotaSweeps(
  { store, clock }: Pick<Needs, 'store' | 'clock'>,
  organisations: readonly { id: string }[],
): Promise<void> {
  await store.write(async (tx) => {
    for (const { id: organisation } of organisations) {
      if (await tx.jobs.get(organisation, quotaSweepKind)) continue
      await tx.jobs.save({ organisation, id: quotaSweepKind, kind: quotaSweepKind, due: clock() + day, state: {} })
    }
  })
}

/** The mailboxes, of the first hundred of each organisation, whose Recoverable Items had reached their warning when they were last looked at. */
export async function nearlyFullRecoverable(store: Pick<Store, 'read'>, organisations: readonly { id: string }[]): Promise<string[]> {
  const sweeps = await store.read((tx) => Promise.all(organisations.map(({ id }) => tx.jobs.get(id, quotaSweepKind))))
  return sweeps.flatMap((job) => (job?.state.over as string[] | undefined) ?? [])
}

/** Holds by query are objects of the organisation that refer to the mailboxes they hold; whatever deletes looks them up within its write. */
import { createHash } from 'node:crypto'
import { betweenWriters, heldTogether, holdReference, ownerWithin } from '#directory'
import { Refusal, type Caller, type Instant } from '#model'
import type { ObjectRow, ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { HoldVerbs, MailboxHold } from './contract.ts'
import { periodOf, restrictionOf } from './query.ts'

const kind = 'MailboxHold'
const most = { holds: 1000, mailboxes: 1000, query: 10_000, id: 256, names: 500 } as const
/** How often a change is made anew because somebody else was quicker; each time one of them is done. */
const attempts = 20

export function createHolds(ctx: MailboxContext): HoldVerbs {
  return {
    async mailboxHolds(caller) {
      requireServer(caller)
      const rows = await ctx.store.read((tx) => tx.objects.list(caller.organisation, kind, '', most.holds))
      return rows.map(holdOf)
    },
    async changeMailboxHold(caller, id, change, job) {
      requireServer(caller)
      for (let attempt = 1; ; attempt++) {
        const read = (tx: ReadTx) => tx.objects.get(caller.organisation, kind, objectId(id))
        // Again it is read behind the writers: whoever was quicker may not be committed yet, and a reader would see what was before.
        const row = await (attempt === 1 ? ctx.store.read(read) : ctx.store.write(read))
        const before = row && holdOf(row)
        const wanted = await change(before)
        if (!wanted && !row) return undefined
        const hold = wanted && asked(before, wanted, ctx.clock())
        if (hold) check(hold, id)
        try {
          await ctx.store.write(async (tx) => {
            await replace(tx, caller.organisation, row, hold)
            if (hold && job) await tx.jobs.save(job(hold))
          })
          return hold
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== 'StaleObject' || attempt === attempts) throw error
        }
      }
    },
  }
}

/** The hold with the instant that relative dates of its query count from: as long as nobody says another text, they stay where they are. */
function asked(before: MailboxHold | undefined, hold: MailboxHold, now: Instant): MailboxHold {
  if (before?.query !== hold.query) return { ...hold, asked: now }
  return { ...hold, asked: before.asked ?? before.changed ?? before.created }
}

/** Puts a hold (undefined = none) in place of the one that was read. Changed since → StaleObject. */
async function replace(tx: WriteTx, organisation: string, row: ObjectRow | undefined, hold: MailboxHold | undefined): Promise<void> {
  if (!row && (await tx.objects.list(organisation, kind, '', most.holds)).length >= most.holds)
    throw new Refusal('InvalidArgument', `There are ${most.holds} holds, which is as many as an organisation has.`)
  const held = hold?.mailboxes ?? []
  const owners = await Promise.all(held.map((mailbox) => ownerWithin(tx, organisation, mailbox)))
  await betweenWriters(tx, [...held, ...owners.flatMap((owner) => (owner ? heldTogether(owner) : []))])
  const { id, name } = row ?? { id: objectId(hold?.id ?? ''), name: hold?.id ?? '' }
  const references = { [holdReference]: !hold || hold.off ? [] : hold.mailboxes }
  const data: Record<string, unknown> = hold ? { ...hold } : {}
  // The one that is forgotten is written first as well: so it is known to be the one that was read.
  await tx.objects.save({ organisation, kind, id, name, version: row?.version ?? 0, data, keys: [], references })
  if (!hold) await tx.objects.remove(organisation, kind, id)
}

function check(hold: MailboxHold, as: string): void {
  const { id, mailboxes, query, senders = [], recipients = [], period } = hold
  if (objectId(id) !== objectId(as)) throw new Error(`the hold '${as}' cannot become '${id}'`)
  if (id.trim() === '' || id.length > most.id) throw new Refusal('InvalidArgument', `HoldId: expected 1 to ${most.id} characters`)
  if (mailboxes.length > most.mailboxes) throw new Refusal('InvalidArgument', `Mailboxes: expected at most ${most.mailboxes}`)
  if (query.length > most.query) throw new Refusal('InvalidArgument', `Query: expected at most ${most.query} characters`)
  if (senders.length + recipients.length > most.names)
    throw new Refusal('InvalidArgument', `Senders and recipients: expected at most ${most.names} together`)
  if (period !== undefined && periodOf(period) === undefined)
    throw new Refusal(
      'InvalidArgument',
      `ItemHoldPeriod: expected Unlimited, or days or a time span (2555, 2555.00:00:00) of at least a day`,
    )
  // Whether it can be read is said now, not when it is needed.
  restrictionOf(hold)
}

function requireServer(caller: Caller): void {
  if (caller.kind !== 'system') throw new Refusal('AccessDenied', 'Holds are for administrators.')
}

/** The id of the object: the same for the same name, whatever its case. */
function objectId(name: string): string {
  const hex = createHash('sha256').update(name.trim().toLowerCase()).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** The hold that an object is. */
export function holdOf({ data }: Pick<ObjectRow, 'data'>): MailboxHold {
  return data as unknown as MailboxHold
}

/** Holds by query are objects of the organisation that refer to the mailboxes they hold; whatever deletes looks them up within its write. */
import { createHash } from 'node:crypto'
import { holdReference } from '#directory'
import { Refusal, type Caller } from '#model'
import type { ObjectRow } from '#store'
import type { MailboxContext } from '../context.ts'
import type { HoldVerbs, MailboxHold } from './contract.ts'
import { periodOf, restrictionOf } from './query.ts'

const kind = 'MailboxHold'
const most = { holds: 1000, mailboxes: 1000, query: 10_000, id: 256, names: 500 } as const

export function createHolds(ctx: MailboxContext): HoldVerbs {
  return {
    async mailboxHolds(caller) {
      requireServer(caller)
      const rows = await ctx.store.read((tx) => tx.objects.list(caller.organisation, kind, '', most.holds))
      return rows.map(holdOf)
    },
    async saveMailboxHold(caller, hold) {
      requireServer(caller)
      check(hold)
      await ctx.store.write(async (tx) => {
        const id = objectId(hold.id)
        const known = await tx.objects.get(caller.organisation, kind, id)
        if (!known && (await tx.objects.list(caller.organisation, kind, '', most.holds)).length >= most.holds)
          throw new Refusal('InvalidArgument', `There are ${most.holds} holds, which is as many as an organisation has.`)
        // Between the writers of each mailbox, in one order: what deletes there ends before the hold is acknowledged, or knows of it.
        for (const mailbox of hold.mailboxes.toSorted()) await tx.folders.byKind(mailbox, 'root')
        const references = { [holdReference]: hold.off ? [] : hold.mailboxes }
        await tx.objects.save({ organisation: caller.organisation, kind, id, name: hold.id, data: { ...hold }, keys: [], references })
      })
    },
    async removeMailboxHold(caller, id) {
      requireServer(caller)
      await ctx.store.write(async (tx) => {
        if (!(await tx.objects.get(caller.organisation, kind, objectId(id))))
          throw new Refusal('MailboxHoldNotFound', `There is no hold '${id.slice(0, most.id)}'.`)
        await tx.objects.remove(caller.organisation, kind, objectId(id))
      })
    },
  }
}

function check(hold: MailboxHold): void {
  const { id, mailboxes, query, senders = [], recipients = [], period } = hold
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

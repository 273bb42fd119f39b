/** Holds are objects of the organisation. They are kept and listed; that nothing on hold is lost is not their doing yet. */
import { createHash } from 'node:crypto'
import { Refusal, type Caller } from '#model'
import type { ObjectRow } from '#store'
import type { MailboxContext } from '../context.ts'
import type { MailboxHold, SearchVerbs } from './contract.ts'

const kind = 'MailboxHold'
const most = { holds: 1000, mailboxes: 1000, query: 10_000, id: 256 } as const

export function createHolds(ctx: MailboxContext): Pick<SearchVerbs, 'mailboxHolds' | 'saveMailboxHold' | 'removeMailboxHold'> {
  return {
    async mailboxHolds(caller) {
      requireServer(caller)
      const rows = await ctx.store.read((tx) => tx.objects.list(caller.organisation, kind, '', most.holds))
      return rows.map(holdOf)
    },
    async saveMailboxHold(caller, hold) {
      requireServer(caller)
      if (hold.id.trim() === '' || hold.id.length > most.id)
        throw new Refusal('InvalidArgument', `HoldId: expected 1 to ${most.id} characters`)
      if (hold.mailboxes.length > most.mailboxes) throw new Refusal('InvalidArgument', `Mailboxes: expected at most ${most.mailboxes}`)
      if (hold.query.length > most.query) throw new Refusal('InvalidArgument', `Query: expected at most ${most.query} characters`)
      await ctx.store.write(async (tx) => {
        const id = objectId(hold.id)
        const known = await tx.objects.get(caller.organisation, kind, id)
        if (!known && (await tx.objects.list(caller.organisation, kind, '', most.holds)).length >= most.holds)
          throw new Refusal('InvalidArgument', `There are ${most.holds} holds, which is as many as an organisation has.`)
        await tx.objects.save({ organisation: caller.organisation, kind, id, name: hold.id, data: { ...hold }, keys: [] })
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

function requireServer(caller: Caller): void {
  if (caller.kind !== 'system') throw new Refusal('AccessDenied', 'Holds are for administrators.')
}

/** The id of the object: the same for the same name, whatever its case. */
function objectId(name: string): string {
  const hex = createHash('sha256').update(name.trim().toLowerCase()).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

function holdOf({ data }: ObjectRow): MailboxHold {
  return data as unknown as MailboxHold
}

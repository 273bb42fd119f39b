import { normalAddress } from '#directory'
import type { Hybrid, LookupTrace } from '#hybrid'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'
import { callsIn } from './probes.ts'

const roles = ['Federated Sharing', 'View-Only Configuration'] as const
const day = 86_400_000

/** Lookups across organisations, made and told (source R4). */
export function traceCmdlets(hybrid: Pick<Hybrid, 'traces' | 'freeBusy'>): Cmdlet[] {
  return [
    cmdlet('Get-FreeBusyTrace', {
      summary: 'Shows the last lookups across organisations, step by step, or the one named.',
      roles,
      parameters: {
        Identity: take.optional(take.string(), { position: 0 }),
        ResultSize: take.optional(take.count(), { fallback: 20 }),
      },
      returns: 'FreeBusyTrace',
      async run({ Identity, ResultSize = 20 }, { organisation }) {
        if (Identity === undefined) return hybrid.traces.list(organisation, Math.min(ResultSize, 1000)).map(shown)
        const trace = hybrid.traces.get(organisation, Identity)
        if (!trace) throw new Refusal('ObjectNotFound', `There is no trace ${Identity} any more; the last few hundred are kept.`)
        return shown(trace)
      },
    }),
    cmdlet('Test-FreeBusy', {
      summary: 'Looks up when somebody is free, as one of our people would, and shows every step of it.',
      roles,
      parameters: {
        From: take.mandatory(take.identity(), { position: 0 }),
        To: take.mandatory(take.list(take.string()), { position: 1 }),
        Days: take.optional(take.within(take.number(), 1, 62), { fallback: 1 }),
      },
      returns: 'FreeBusyTrace',
      async run({ From, To, Days = 1 }, context) {
        const { organisation, directory, clock } = context
        const person = await directory.find(From, organisation)
        if (!person?.mailbox) throw new Refusal('ObjectNotFound', `'${From}' has no mailbox here.`)
        if (To.length === 0) throw new Refusal('InvalidParameter', '-To needs an address.', { parameter: 'To' })
        for (const address of To) normalAddress(address)
        const start = Math.floor(clock() / day) * day
        const caller = await directory.callerFor(person)
        using progress = progressOf(context, 'Test-FreeBusy')
        const window = { start, end: start + Days * day }
        const { trace } = await hybrid.freeBusy(caller, To, window, { view: 'DetailedMerged' }, callsIn(progress))
        if (!trace)
          throw new Refusal('InvalidParameter', `${To.join(', ')}: all of them are here; nobody else is asked.`, { parameter: 'To' })
        return shown(trace)
      },
    }),
  ]
}

const shown = (trace: LookupTrace) => ({ Identity: trace.id, ...trace })

import { z } from 'zod'
import type { LookupTrace } from '#hybrid'
import { Refusal } from '#model'
import { verb } from '../verb.ts'

/** How a lookup went, hop by hop, for who may run `Get-FreeBusyTrace`; nobody else → AccessDenied. */
export const lookupTrace = verb(z.object({ id: z.string().min(1).max(64) }), async ({ admin, caller }, { id }) => {
  const [trace] = (await Array.fromAsync(admin.invoke(caller, 'Get-FreeBusyTrace', { Identity: id }))) as LookupTrace[]
  if (!trace) throw new Refusal('ObjectNotFound', 'There is no such trace any more.')
  const { at, from, ms, branches, outcomes } = trace
  return {
    ...{ id, at, from, ms, outcomes },
    branches: branches.map(({ generation, people, rows, hops, ms }) => ({
      ...{ generation, people, rows, ms },
      hops: hops.map(({ step, what, url, scheme, status, requestId, ms, verdict, cause, remedy }) => ({
        ...{ step, what, url, scheme, status, requestId, ms, verdict, cause, remedy },
      })),
    })),
  }
})

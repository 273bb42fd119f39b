import { z } from 'zod'
import type { LookupTrace } from '#hybrid'
import { Refusal } from '#model'
import { verb, type WebContext } from '../verb.ts'
import { requireWizard } from './sides.ts'

const address = z.string().trim().min(3).max(320)
const input = z.object({ from: address, to: address, federation: z.boolean(), oauth: z.boolean() })

/** The tests that the hybrid works: a free/busy lookup with every step of it, OAuth, and the federation trust where there is one. */
export const wizardTest = verb(input, async (context, { from, to, federation: hasFederation, oauth: hasOAuth }) => {
  await requireWizard(context)
  const [oauth, trust, lookup] = await Promise.all([
    hasOAuth ? tried(context, 'Test-OAuthConnectivity', { Service: 'Generic', Mailbox: from }) : [],
    hasFederation ? tried(context, 'Test-FederationTrust', { UserIdentity: from }) : [],
    lookedUp(context, from, to),
  ])
  return { tests: [...oauth, ...trust], ...lookup }
})

/** The results of a test cmdlet; what it refuses is a result. */
async function tried({ admin, caller, request }: WebContext, name: string, args: Record<string, unknown>) {
  try {
    const results = await Array.fromAsync(admin.invoke(caller, name, args, { signal: request.signal }))
    return (results as Record<string, unknown>[]).map(({ Id, Type, Message }) => ({
      cmdlet: name,
      id: String(Id ?? ''),
      type: String(Type ?? ''),
      message: String(Message ?? '').slice(0, 1000),
    }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [{ cmdlet: name, id: error.code, type: 'Error', message: error.message }]
  }
}

async function lookedUp({ admin, caller, request }: WebContext, From: string, To: string) {
  try {
    const [trace] = await Array.fromAsync(admin.invoke(caller, 'Test-FreeBusy', { From, To: [To] }, { signal: request.signal }))
    return { trace: shown(trace as LookupTrace), refusal: undefined }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { trace: undefined, refusal: { code: error.code, message: error.message } }
  }
}

/** A trace for people to read. */
const shown = ({ id, branches, outcomes, ms }: LookupTrace) => ({
  id,
  ms,
  outcomes,
  branches: branches.map(({ generation, hops }) => ({
    generation,
    hops: hops.map(({ what, url = '', status, ms, verdict, cause = '', remedy = '' }) => ({
      what,
      url,
      status,
      ms,
      verdict,
      cause,
      remedy,
    })),
  })),
})

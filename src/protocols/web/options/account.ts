import { z } from 'zod'
import { Refusal } from '#model'
import { verb } from '../verb.ts'

/** What the caller signs in with, never a secret, and the browsers in which they are signed in. */
export const account = verb(z.object({}), async ({ caller, directory, signIn, sessions, request }) => {
  const person = await directory.recipient(caller.organisation, caller.recipient)
  if (!person) throw new Refusal('AccessDenied', 'You have no account here.')
  const { appPasswordsAllowed } = await signIn.policies.of(person)
  return {
    factors: (await signIn.factors.list(person)).map(({ id, kind, name, created }) => ({ id, kind, name, created })),
    recoveryCodes: await signIn.factors.recoveryCodesLeft(person),
    devices: (await signIn.factors.devices(person)).map(({ id, name, created, expires }) => ({ id, name, created, expires })),
    appPasswordsAllowed,
    appPasswords: (await signIn.appPasswords.list(person)).map(({ id, name, created }) => ({ id, name, created })),
    sessions: await sessions.list(request),
  }
})

/** Ends one of the caller's sessions: whoever has the browser is signed out. Not one of theirs → ItemNotFound. */
export const endSession = verb(z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }), async ({ sessions, request }, { id }) => {
  await sessions.end(request, id)
  return {}
})

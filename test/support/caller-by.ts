import assert from 'node:assert/strict'
import type { Access, SignIn } from '#access'
import type { Caller } from '#model'

/** The caller that an Authorization header is at once, without a further leg. */
export async function callerBy(
  access: Pick<Access, 'authenticate'>,
  authorization: string | undefined,
  from: SignIn,
): Promise<Caller | undefined> {
  const found = await access.authenticate(authorization, from)
  assert.ok(!found || 'caller' in found, 'a further leg is asked for')
  return found?.caller
}

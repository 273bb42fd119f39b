import { randomBytes } from 'node:crypto'
import type { SignedIn } from '#model'
import type { Site } from '../site.ts'

/** Seconds that the token is good. */
const lifetime = 600

/**
 * An access token of an administrator of a site in this process, as signing in there with a second factor gives one. The lab is run by whoever owns
 * its data: nobody else is asked. Nobody of that name → an error.
 */
export async function administratorToken(
  { directory, signIn }: Pick<Site, 'directory' | 'signIn'>,
  organisation: string,
  name: string,
  { at = Date.now(), secondFactor = true }: Partial<Pick<SignedIn, 'at' | 'secondFactor'>> = {},
): Promise<string> {
  const person = await directory.find(name, organisation)
  if (!person) throw new Error(`nobody is called ${name} here`)
  const token = randomBytes(32).toString('base64url')
  const accountId = await signIn.sessions.accountOf(person)
  await signIn.tokens.put('AccessToken', token, { accountId, scope: 'administration', extra: { at, secondFactor } }, lifetime)
  return token
}

import { SignJWT } from 'jose'
import type { Instant } from '#model'
import { x5tOf, type KeyPair } from '../keys/key-pair.ts'
import { principalText, type Principal } from './names.ts'

const seconds = (instant: Instant) => Math.floor(instant / 1000)

/** A JWT signed by a key, named by its `x5t`. Times are numbers, seconds since 1970. */
async function signed(claims: Record<string, unknown>, key: KeyPair): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: x5tOf(key.certificate) }).sign(key.privateKey)
}

/** A server's own word on who it is, for the token endpoint ([MS-XOAUTH] 3.2.5.2). Good for `lifetime` ms. */
export function makeSelfIssued(input: {
  key: KeyPair
  /** The server's application and realm. */
  issuer: Omit<Principal, 'host'>
  /** The issuer at the host of the token endpoint. */
  audience: Principal
  now: Instant
  lifetime?: number
}): Promise<string> {
  const { key, issuer, audience, now, lifetime = 600_000 } = input
  const iss = principalText(issuer)
  return signed(
    { aud: principalText(audience), iss, nameid: iss, nbf: seconds(now), exp: seconds(now + lifetime), trustedfordelegation: 'true' },
    key,
  )
}

/** The token that the auth service gives an application for one resource ([MS-XOAUTH] 3.2.5.2; source R4(c) step 4). */
export function makeActorToken(input: {
  key: KeyPair
  issuer: Omit<Principal, 'host'>
  audience: Principal
  application: Omit<Principal, 'host'>
  now: Instant
  lifetime: number
}): Promise<string> {
  const { key, issuer, audience, application, now, lifetime } = input
  const iss = principalText(issuer)
  const times = { nbf: String(seconds(now)), exp: String(seconds(now + lifetime)) }
  const claims = { aud: principalText(audience), iss, ...times, nameid: principalText(application), identityprovider: iss }
  return signed(claims, key)
}

/** The person for whom an application asks. */
export interface TokenUser {
  address: string
  userPrincipalName: string
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * The unsigned token that wraps an actor token and names the person asked for ([MS-XOAUTH] 3.2.5.6): its issuer is the actor, its
 * audience and times are the actor token's.
 */
export function makeUserToken(actor: string, { address, userPrincipalName }: TokenUser): string {
  const inner = JSON.parse(Buffer.from(actor.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>
  const claims = {
    aud: inner.aud,
    iss: inner.nameid,
    nbf: inner.nbf,
    exp: inner.exp,
    nameid: userPrincipalName.toLowerCase(),
    nii: 'urn:federation:MicrosoftOnline',
    smtp: address.toLowerCase(),
    upn: userPrincipalName.toLowerCase(),
    actortoken: actor,
  }
  return `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.`
}

import type { X509Certificate } from 'node:crypto'
import type { Instant } from '#model'
import { x5tOf } from '../keys/key-pair.ts'
import { principalOf, principalText, resourceHost, type Principal } from './names.ts'
import { TokenProblem } from './problem.ts'
import { isSignedBy } from './signature.ts'

/** One who may issue tokens: an enabled AuthServer, or a partner application with keys of its own. */
export interface TrustedIssuer {
  /** Name of the configuration object, for traces. */
  name: string
  /** Issuer identifier, with or without a realm; `*` as realm stands for any. */
  issuer: string
  certificates: readonly X509Certificate[]
  /** Set for a partner application with keys of its own: the one application whose actor tokens it may sign. */
  application?: string
}

/** What this server takes a token to be for. */
export interface TokenAudience {
  application: string
  /** Names of this server, lower case, with the port where it is not 443. */
  hosts: readonly string[]
  /** Realms served here. A token without a realm is for any. */
  realms: readonly string[]
}

/** A token that was found good. What it says of the person is the issuer's word for the actor, and the actor's for the person. */
export interface CheckedToken {
  issuer: string
  /** The AuthServer whose key it was. */
  by: string
  application: Omit<Principal, 'host'>
  /** Realm of the audience: which organisation of this server is asked. Empty when the token names none. */
  realm: string
  /** Absent when the application asks for itself. */
  user?: { smtp?: string; upn?: string; sip?: string; nameId: string }
  expires: Instant
  /** For traces: never the token itself. */
  summary: TokenSummary
}
export interface TokenSummary {
  iss: string
  aud: string
  nbf: Instant
  exp: Instant
  x5t: string
  nameid: string
}

type Json = Record<string, unknown>

const skew = 5 * 60_000
const longest = 16_384
const unparsable = () => new TokenProblem('token', 'The OAuth token submitted with the request cannot be parsed.')

interface Parsed {
  header: Json
  claims: Json
  signature: string
}

function parse(token: string): Parsed {
  const parts = token.split('.')
  if (token.length > longest || parts.length !== 3) throw unparsable()
  try {
    const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown)
    if (!isObject(header) || !isObject(claims)) throw unparsable()
    return { header, claims, signature: parts[2] ?? '' }
  } catch (error) {
    if (error instanceof SyntaxError) throw unparsable()
    throw error
  }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (claims: Json, name: string): string | undefined => {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function timesOf(claims: Json): { nbf: Instant; exp: Instant } {
  const time = (name: string) => {
    const value = claims[name]
    const seconds = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : NaN
    if (!Number.isFinite(seconds)) throw new TokenProblem('lifetime', `The token has no claim '${name}' that is a time.`)
    return seconds * 1000
  }
  return { nbf: time('nbf'), exp: time('exp') }
}

/** Whether a token that ends at `exp` is over, 5 min of skew allowed. */
export const hasExpired = (exp: Instant, now: Instant): boolean => now - skew >= exp

function checkTimes({ nbf, exp }: { nbf: Instant; exp: Instant }, now: Instant, what: string): void {
  if (now + skew < nbf) throw new TokenProblem('lifetime', `The ${what} is not valid yet.`)
  if (hasExpired(exp, now)) throw new TokenProblem('lifetime', `The ${what} has expired.`)
}

/** What a token says of whom it is for, before anything of it is checked: to find the organisation whose trust decides. */
export function unverifiedRealm(token: string): { realm: string; address: string } {
  const { claims } = parse(token)
  return { realm: principalOf(text(claims, 'aud') ?? '')?.realm ?? '', address: text(claims, 'smtp') ?? text(claims, 'upn') ?? '' }
}

/**
 * Checks a server-to-server token as [MS-XOAUTH] 3.2.5.6 and source R4(c) step 8 say: form, signature by a trusted issuer's key,
 * issuer, times (5 min of skew), audience, and that an outer token's issuer is the actor of the inner one. Throws a TokenProblem.
 */
export async function checkServerToken(
  token: string,
  { issuers, audience, now }: { issuers: readonly TrustedIssuer[]; audience: TokenAudience; now: Instant },
): Promise<CheckedToken> {
  const outer = parse(token)
  const nested = text(outer.claims, 'actortoken')
  if (nested === undefined) {
    // `alg: none` must never pass by itself.
    if (outer.header.alg !== 'RS256') throw new TokenProblem('signature', 'The token has an invalid signature.')
    return checkActor(token, outer, { issuers, audience, now })
  }
  if (outer.header.alg !== 'none' || outer.signature !== '') throw unparsable()
  const inner = parse(nested)
  if (inner.claims.actortoken !== undefined) throw unparsable()
  const actor = await checkActor(nested, inner, { issuers, audience, now })
  checkTimes(timesOf(outer.claims), now, 'user token')
  if (text(outer.claims, 'iss') !== principalText(actor.application)) {
    throw new TokenProblem('issuer', 'The issuer of the user token is not the actor of the token inside it.')
  }
  if (text(outer.claims, 'aud') !== actor.summary.aud) {
    throw new TokenProblem('resource', 'The user token is for another audience than the token inside it.')
  }
  const named = { smtp: text(outer.claims, 'smtp'), upn: text(outer.claims, 'upn'), sip: text(outer.claims, 'sip') }
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
  return { ...actor, user: { ...given, nameId: text(outer.claims, 'nameid') ?? '' } }
}

async function checkActor(
  token: string,
  { header, claims }: Parsed,
  { issuers, audience, now }: { issuers: readonly TrustedIssuer[]; audience: TokenAudience; now: Instant },
): Promise<CheckedToken> {
  const x5t = text(header, 'x5t') ?? ''
  const owners = await ownersOf(token, header, x5t, issuers)
  const iss = text(claims, 'iss') ?? ''
  const issued = owners.filter(({ issuer }) => isIssuedBy(iss, issuer))
  if (issued.length === 0) throw new TokenProblem('issuer', `The issuer '${iss.slice(0, 200)}' is not the owner of the key.`)
  const times = timesOf(claims)
  checkTimes(times, now, 'token')
  const aud = text(claims, 'aud') ?? ''
  const realm = checkAudience(aud, audience)
  const application = principalOf(text(claims, 'nameid') ?? '')
  if (!application) throw new TokenProblem('grant', 'The token names no application.')
  const by = issued.find((one) => one.application === undefined || one.application === application.application)
  if (!by)
    throw new TokenProblem('issuer', `The issuer '${iss.slice(0, 200)}' speaks for itself alone, not for ${application.application}.`)
  return {
    issuer: iss,
    by: by.name,
    application: { application: application.application, realm: application.realm },
    realm,
    expires: times.exp,
    summary: { iss, aud, ...times, x5t, nameid: text(claims, 'nameid') ?? '' },
  }
}

/** The trusted issuers that own the key which the header names, once the signature is found right. Realms of one issuer share a key. */
async function ownersOf(token: string, header: Json, x5t: string, issuers: readonly TrustedIssuer[]): Promise<TrustedIssuer[]> {
  const named = ({ certificates }: TrustedIssuer) => certificates.find((one) => x5tOf(one) === x5t)
  const owners = issuers.filter(named)
  const certificate = owners[0] && named(owners[0])
  if (header.alg !== 'RS256' || !certificate || !(await isSignedBy(token, certificate)))
    throw new TokenProblem('signature', 'The token has an invalid signature.')
  return owners
}

/** The issuer may name its realm where the trusted one leaves it open (`*` or none). */
function isIssuedBy(iss: string, trusted: string): boolean {
  if (iss === trusted) return true
  const [given, known] = [principalOf(iss), principalOf(trusted) ?? { application: trusted, host: '', realm: '*' }]
  return given !== undefined && given.host === '' && given.application === known.application && (known.realm === '*' || known.realm === '')
}

/** Gives the realm asked for. The host is compared without regard to case, application and realm with it. */
function checkAudience(aud: string, { application, hosts, realms }: TokenAudience): string {
  const host = resourceHost(aud)
  const named = principalOf(aud)
  if (named && named.application !== application)
    throw new TokenProblem('resource', `The token is for the application ${named.application}.`)
  if (host === undefined || !hosts.includes(host)) {
    const expected = hosts.map((name) => `https://${name}/`).join(', ')
    throw new TokenProblem(
      'resource',
      `The hostname component of the audience claim value is invalid. Expected '${expected}'. Actual '${aud.slice(0, 300)}'.`,
    )
  }
  const realm = named?.realm ?? ''
  if (realm !== '' && !realms.includes(realm)) {
    throw new TokenProblem('tenant', `The tenant for tenant guid '${realm.slice(0, 100)}' does not exist.`)
  }
  return realm
}

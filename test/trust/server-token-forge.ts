/** Server-to-server tokens as anybody could make them, and what their honest makers use. */
import 'reflect-metadata'
import { createHmac, randomUUID, sign, webcrypto, X509Certificate, type KeyObject } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { createStore } from '#store'
import {
  createServicePrincipals, createTokenEndpoint, exchangeApplication, issuerApplication, keyPairOf, makeActorToken, makeKeyPair, makeUserToken, principalText, x5tOf,
  type KeyPair, type TokenAudience, type TokenEvent, type TrustedIssuer,
} from '#trust' // prettier-ignore

export const now = Date.UTC(2026, 10, 27, 12)
export const tenant = '8b1c2d3e-4f50-4617-8a90-abcdef012345'
export const fabrikam = '11111111-2222-4333-8444-555555555555'
export const host = 'mail.contoso.test'
export const loginHost = 'login.isthmus.test'
export const seconds = (instant: number): number => Math.floor(instant / 1000)
export const issuerName = `${issuerApplication}@${tenant}`
export const exchange = `${exchangeApplication}@${tenant}`
export const audienceName = `${exchangeApplication}/${host}@${tenant}`
export const otherIssuer = 'https://sts.other.test/'

export type Json = Record<string, unknown>
export const newKey = async (subject: string): Promise<KeyPair> => keyPairOf(await makeKeyPair({ subject, now }))

/** Certificates whose keys make no RS256 signature: of an elliptic curve, and of RSA that is too short. */
export async function unfitCertificates(): Promise<X509Certificate[]> {
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) }
  const made: X509Certificate[] = []
  for (const signingAlgorithm of [{ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }, rsa]) {
    const pair = (await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=weak', keys: pair, signingAlgorithm })
    made.push(new X509Certificate(Buffer.from(certificate.rawData)))
  }
  return made
}

/** One part of a JWT; text goes in as it is. */
export const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
export const claimsIn = (token: string): Json => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json

/** A JWT signed by RSA-SHA256, whatever its header says. */
export function signedToken(header: Json, claims: Json | string, key: KeyObject): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}
export function macToken(header: Json, claims: Json, secret: string | Buffer): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
export const unsignedToken = (claims: Json | string, header: Json = { typ: 'JWT', alg: 'none' }): string =>
  `${part(header)}.${part(claims)}.`
export const headerOf = (key: KeyPair, more: Json = {}): Json => ({ typ: 'JWT', alg: 'RS256', x5t: x5tOf(key.certificate), ...more })

export async function makeKeys() {
  const [sts, next, other, partner, mallory] = await Promise.all(['STS', 'Next', 'Other', 'Partner', 'Mallory'].map(newKey))
  if (!sts || !next || !other || !partner || !mallory) throw new Error('no keys')
  return { sts, next, other, partner, mallory }
}
export type TokenKeys = Awaited<ReturnType<typeof makeKeys>>

export const actorClaims = (more: Json = {}): Json => ({
  aud: audienceName,
  iss: issuerName,
  nbf: String(seconds(now)),
  exp: String(seconds(now + 3_600_000)),
  nameid: exchange,
  identityprovider: issuerName,
  ...more,
})

/** What a server that is asked believes. */
export function trusting(keys: TokenKeys): { issuers: TrustedIssuer[]; audience: TokenAudience; now: number } {
  return {
    issuers: [
      { name: 'ACS', issuer: issuerName, certificates: [keys.sts.certificate, keys.next.certificate] },
      { name: 'Other', issuer: otherIssuer, certificates: [keys.other.certificate] },
    ],
    audience: { application: exchangeApplication, hosts: [host, `${host}:8443`], realms: [tenant] },
    now,
  }
}

export const goodActor = (keys: TokenKeys): Promise<string> =>
  makeActorToken({
    key: keys.sts,
    issuer: { application: issuerApplication, realm: tenant },
    audience: { application: exchangeApplication, host, realm: tenant },
    application: { application: exchangeApplication, realm: tenant },
    now,
    lifetime: 3_600_000,
  })
export const goodUser = async (keys: TokenKeys): Promise<string> =>
  makeUserToken(await goodActor(keys), { address: 'Joe@Contoso.test', userPrincipalName: 'joe@contoso.test' })
export const outerClaims = (actor: string, more: Json = {}): Json => {
  const { aud, nameid, nbf, exp } = claimsIn(actor)
  return {
    aud,
    iss: nameid,
    nbf,
    exp,
    nameid: 'joe@contoso.test',
    smtp: 'joe@contoso.test',
    upn: 'joe@contoso.test',
    actortoken: actor,
    ...more,
  }
}

/** A token endpoint that knows the online service, and one tenant with a host and a certificate of its own. */
export async function createIssuingWorld(keys: TokenKeys) {
  const clock = { now }
  const store = await createStore({ path: ':memory:', clock: () => clock.now })
  const principals = createServicePrincipals({ store, newId: randomUUID })
  const events: TokenEvent[] = []
  const tokens = createTokenEndpoint({
    principals,
    key: () => Promise.resolve(keys.sts),
    host: () => loginHost,
    clock: () => clock.now,
    audit: (event) => events.push(event),
  })
  const der = (key: KeyPair) => key.certificate.raw.toString('base64')
  await principals.change(exchangeApplication, '*', { addCertificates: [der(keys.other)], addResources: ['https://outlook.online.test/'] })
  await principals.change(exchangeApplication, tenant, { addCertificates: [der(keys.partner)], addResources: [`https://${host}/`] })
  await principals.change(exchangeApplication, fabrikam, {
    addCertificates: [der(keys.next)],
    addResources: ['https://mail.fabrikam.test/'],
  })
  return { clock, store, principals, events, tokens, [Symbol.asyncDispose]: () => store.close() }
}

export const assertionClaims = (more: Json = {}): Json => ({
  aud: principalText({ application: issuerApplication, host: loginHost, realm: tenant }),
  iss: exchange,
  nameid: exchange,
  nbf: seconds(now),
  exp: seconds(now + 600_000),
  trustedfordelegation: 'true',
  ...more,
})

/** Passkeys: WebAuthn credentials, made and shown with the user verified (W3C Web Authentication Level 3). */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { z } from 'zod'
import { parsedJson, type Instant } from '#model'
import type { Recipient } from '#directory'
import type { PasskeyRow, SignInRecord, SignInRecords } from './record.ts'
import type { TokenStore } from './token-store.ts'
import { randomToken, randomWord } from './words.ts'

/** The site as browsers know it: passkeys are bound to it. */
export interface RelyingParty {
  /** A host name; no IP address can be one. */
  id: string
  origin: string
  name: string
}

export interface Passkeys {
  /** What `navigator.credentials.create` takes. */
  creation(recipient: Recipient, party: RelyingParty): Promise<object>
  /** The passkey that the browser made; undefined when it does not answer a challenge of ours, or the user was not verified. */
  made(recipient: Recipient, party: RelyingParty, response: string, name: string): Promise<PasskeyRow | undefined>
  /** What `navigator.credentials.get` takes. */
  request(recipient: Recipient, party: RelyingParty): Promise<object>
  /** Has the person shown one of their passkeys? Counts its use. */
  shown(recipient: Recipient, party: RelyingParty, response: string): Promise<boolean>
}

/** Seconds that a challenge is good; it is good once. */
const challengeTime = 300
/** EdDSA, ES256 and RS256 (COSE Algorithms): every authenticator has one of them. */
const supportedAlgorithmIDs = [-8, -7, -257]
const longestResponse = 64 * 1024
const named = z.object({ id: z.string().min(1).max(2048), response: z.object({ clientDataJSON: z.string().min(1).max(8192) }) })
const clientData = z.object({ challenge: z.string().min(16).max(512) })

export function createPasskeys({
  records,
  tokens,
  clock,
  random,
}: {
  records: SignInRecords
  tokens: TokenStore
  clock: () => Instant
  random: (size: number) => Uint8Array
}): Passkeys {
  async function challengeFor(recipient: Recipient, use: 'create' | 'get'): Promise<Uint8Array<ArrayBuffer>> {
    const challenge = randomToken(random)
    await tokens.put('Challenge', challenge, { recipient: recipient.id, use }, challengeTime)
    return Uint8Array.from(Buffer.from(challenge, 'base64url'))
  }

  /** The challenge that a response answers, used up: one of ours, for this person and use. */
  async function answered(
    recipient: Recipient,
    use: 'create' | 'get',
    text: string,
  ): Promise<{ id: string; challenge: string } | undefined> {
    const read = text.length <= longestResponse ? named.safeParse(parsedJson(text)) : undefined
    if (!read?.success) return undefined
    const data = clientData.safeParse(parsedJson(Buffer.from(read.data.response.clientDataJSON, 'base64url').toString('utf8')))
    if (!data.success) return undefined
    const { challenge } = data.data
    const known = await tokens.find('Challenge', challenge)
    if (known?.recipient !== recipient.id || known.use !== use || !(await tokens.consume('Challenge', challenge))) return undefined
    return { id: read.data.id, challenge }
  }

  return {
    async creation(recipient, party) {
      const { passkeys } = await records.read(recipient)
      return generateRegistrationOptions({
        rpName: party.name,
        rpID: party.id,
        userName: recipient.address,
        userDisplayName: recipient.displayName,
        userID: Uint8Array.from(Buffer.from(recipient.id.replaceAll('-', ''), 'hex')),
        challenge: await challengeFor(recipient, 'create'),
        timeout: challengeTime * 1000,
        attestationType: 'none',
        supportedAlgorithmIDs,
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        excludeCredentials: passkeys.map(({ credential, transports }) => ({ id: credential, transports })),
      })
    },
    async made(recipient, party, response, name) {
      const answer = await answered(recipient, 'create', response)
      if (!answer) return undefined
      const result = await unlessUnfit(() =>
        verifyRegistrationResponse({
          response: parsedJson(response) as RegistrationResponseJSON,
          expectedChallenge: answer.challenge,
          expectedOrigin: party.origin,
          expectedRPID: party.id,
          requireUserVerification: true,
          supportedAlgorithmIDs,
        }),
      )
      if (!result?.verified) return undefined
      const { id, publicKey, counter, transports = [] } = result.registrationInfo.credential
      const made = { id: randomWord(random, 1, 12), name, created: clock(), used: null }
      return { ...made, credential: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports: [...transports] }
    },
    async request(recipient, party) {
      const { passkeys } = await records.read(recipient)
      return generateAuthenticationOptions({
        rpID: party.id,
        challenge: await challengeFor(recipient, 'get'),
        timeout: challengeTime * 1000,
        userVerification: 'required',
        allowCredentials: passkeys.map(({ credential, transports }) => ({ id: credential, transports })),
      })
    },
    async shown(recipient, party, response) {
      const answer = await answered(recipient, 'get', response)
      const passkey = (await records.read(recipient)).passkeys.find(({ credential }) => credential === answer?.id)
      if (!answer || !passkey) return false
      const result = await unlessUnfit(() =>
        verifyAuthenticationResponse({
          response: parsedJson(response) as AuthenticationResponseJSON,
          expectedChallenge: answer.challenge,
          expectedOrigin: party.origin,
          expectedRPID: party.id,
          requireUserVerification: true,
          credential: {
            id: passkey.credential,
            publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
            counter: passkey.counter,
            transports: passkey.transports,
          },
        }),
      )
      if (!result?.verified) return false
      const { newCounter } = result.authenticationInfo
      return records.change(recipient, (record) => counted(record, passkey.id, newCounter, clock()))
    },
  }
}

/** A counter that does not grow is that of a copy (Web Authentication 6.1.1); one that stays 0 is none. */
function counted({ passkeys }: SignInRecord, id: string, counter: number, now: Instant): boolean {
  const passkey = passkeys.find((each) => each.id === id)
  if (!passkey || (counter <= passkey.counter && (counter !== 0 || passkey.counter !== 0))) return false
  passkey.counter = counter
  passkey.used = now
  return true
}

/** The library throws plain errors at whatever does not fit; the answer to all of them is no. */
async function unlessUnfit<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

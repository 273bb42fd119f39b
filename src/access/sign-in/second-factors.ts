import { Refusal, type Instant } from '#model'
import type { Recipient } from '#directory'
import type { Vault } from '#trust'
import type { Lockout } from '../lockout.ts'
import { newSecret, otpauthUri, stepOf } from './authenticator.ts'
import { deviceOf, rememberDevice } from './devices.ts'
import type { Passkeys, RelyingParty } from './passkeys.ts'
import type { DeviceRow, Named, NumberRow, SignInRecord, SignInRecords } from './record.ts'
import { renewRecovery, useRecovery } from './recovery.ts'
import { makeSentCode, telephoneNumber, useSentCode, type CodeSender } from './sent-codes.ts'
import { randomWord } from './words.ts'

export type FactorKind = 'authenticator' | 'passkey' | 'text' | 'call'

/** A second factor as people see it: never a secret. */
export interface Factor extends Named {
  kind: FactorKind
}

/** What somebody shows to prove that they are who they are, beside the password. */
export type Proof =
  { by: 'authenticator' | 'recovery' | 'text' | 'call'; code: string } | { by: 'passkey'; response: string; party: RelyingParty }

/** Where somebody proves it from. */
export interface ProofPlace {
  remoteAddress: string
  client?: string
  /** A remembered device of the person: guessing from elsewhere does not lock it out. */
  device?: DeviceRow
}

/** One line of the log for whatever is done with second factors; never a code or a secret. */
export interface SecondFactorEvent {
  event: 'second-factor'
  action: 'shown' | 'refused' | 'locked' | 'added' | 'removed' | 'reset' | 'sent' | 'renewed' | 'remembered' | 'revoked'
  what: string
  organisation: string
  recipient: string
  /** Who did it, where that is not the person: an administrator's address. */
  by?: string
  remoteAddress?: string
}

/** What goes for every factor that is added. */
export interface Adding {
  /** The password alone was shown: only the first one may be added so. One that is there by now, whoever put it there → InvalidOperation. */
  first?: boolean
}

export interface SecondFactors {
  list(recipient: Recipient): Promise<Factor[]>
  recoveryCodesLeft(recipient: Recipient): Promise<number>
  /** A secret for a new authenticator, in base32. It is kept when a code of it is shown. */
  newSecret(): string
  /** The address for its QR code: what the app calls it. */
  uriOf(secret: string, issuer: string, account: string): string
  /** Keeps the authenticator, when the code is one of its. Otherwise, and when it is there already → InvalidArgument. */
  addAuthenticator(recipient: Recipient, input: { secret: string; code: string; name: string } & Adding, place?: ProofPlace): Promise<void>
  /** Keeps the passkey that the browser made. One that does not fit → InvalidArgument. */
  addPasskey(
    recipient: Recipient,
    input: { response: string; party: RelyingParty; name: string } & Adding,
    place?: ProofPlace,
  ): Promise<void>
  /** Keeps a telephone number and sends a code there; a kind that no provider sends → InvalidOperation. */
  addNumber(recipient: Recipient, input: { kind: 'text' | 'call'; number: string; name: string }): Promise<void>
  /** Makes the number a factor, when the code is the one that was sent. Otherwise → InvalidArgument. */
  confirmNumber(recipient: Recipient, input: { kind: 'text' | 'call'; code: string } & Adding): Promise<void>
  /** Kinds of number that a provider sends codes to. */
  readonly sends: readonly ('text' | 'call')[]
  /** Sends a code to the person's number of this kind; none of them → InvalidOperation, too often → ServerBusy. */
  sendCode(recipient: Recipient, kind: 'text' | 'call'): Promise<void>
  /** Ten new recovery codes, shown once; the old ones are worth nothing. Who has no second factor yet → InvalidOperation. */
  renewRecoveryCodes(recipient: Recipient): Promise<string[]>
  /** Wrong → Unauthenticated, too many wrong ones → AccountLockedOut, both after a delay. */
  prove(recipient: Recipient, proof: Proof, place: ProofPlace): Promise<void>
  /** Remembers the device for so many days; answers its token. */
  remember(recipient: Recipient, name: string, days: number): Promise<string>
  device(recipient: Recipient, token: string | undefined): Promise<DeviceRow | undefined>
  devices(recipient: Recipient): Promise<DeviceRow[]>
  /** Takes away a factor or a device by its id; none of that → ObjectNotFound, the last factor where one has to stay → InvalidOperation. Answers what it was. */
  remove(recipient: Recipient, id: string, options?: { by?: string; keepLast?: boolean }): Promise<string>
  /** Takes away every factor, recovery code and device, and ends every session: for somebody who has lost them. */
  reset(recipient: Recipient, by: string): Promise<void>
}

const mostOfAKind = 20
const nameOf = (text: string, otherwise: string) => text.trim().replaceAll(/\p{Cc}/gu, '').slice(0, 64) || otherwise // prettier-ignore

export interface SecondFactorNeeds {
  records: SignInRecords
  passkeys: Passkeys
  vault: Vault
  lockout: Lockout
  senders: readonly CodeSender[]
  clock: () => Instant
  random: (size: number) => Uint8Array
  wait: (ms: number) => Promise<void>
  audit: (event: SecondFactorEvent) => void
}

const lockedDelay = 2000

export function createSecondFactors(needs: SecondFactorNeeds): SecondFactors {
  const { records, clock, random } = needs
  const tell = (
    recipient: Recipient,
    action: SecondFactorEvent['action'],
    what: string,
    more: { by?: string; remoteAddress?: string } = {},
  ) => needs.audit({ event: 'second-factor', action, what, organisation: recipient.organisation, recipient: recipient.address, ...more })
  const standingOf = ({ organisation, id }: Recipient) => records.standing(organisation, id)
  return {
    ...enrolling(needs, tell),
    list: async (recipient) => factorsOf(await records.read(recipient)),
    recoveryCodesLeft: async (recipient) => (await records.read(recipient)).recovery?.hashes.length ?? 0,
    async prove(recipient, proof, place) {
      const { remoteAddress, device } = place
      const account = device ? `${recipient.id} ${device.id}` : recipient.id
      if (!(await needs.lockout.enter(account, remoteAddress))) {
        tell(recipient, 'locked', proof.by, { remoteAddress })
        await needs.wait(lockedDelay)
        throw new Refusal('AccountLockedOut', 'Too many wrong codes. Try again in a quarter of an hour.')
      }
      const delay = await judged(needs, recipient, proof, account, remoteAddress)
      if (delay !== undefined) {
        tell(recipient, 'refused', proof.by, { remoteAddress })
        await needs.wait(delay)
        throw new Refusal('Unauthenticated', 'That was not right, or was used before.')
      }
      tell(recipient, 'shown', proof.by, { remoteAddress })
    },
    async remember(recipient, name, days) {
      const input = { name: nameOf(name, 'A browser'), days, now: clock(), random, standing: await standingOf(recipient) }
      const token = await records.change(recipient, (record) => rememberDevice(record, input))
      tell(recipient, 'remembered', input.name)
      return token
    },
    async device(recipient, token) {
      return token ? deviceOf(await records.read(recipient), token, { now: clock(), standing: await standingOf(recipient) }) : undefined
    },
    async devices(recipient) {
      const standing = await standingOf(recipient)
      return (await records.read(recipient)).devices.filter((device) => device.expires > clock() && device.standing === standing)
    },
    async remove(recipient, id, { by, keepLast = false } = {}) {
      const what = await records.change(recipient, (record) => {
        const had = hasFactor(record)
        const taken = takeAway(record, id)
        // Looked at within the write: of two that take away the last two at once one is refused.
        if (keepLast && had && !hasFactor(record)) throw new Refusal('InvalidOperation', lastStays)
        return taken
      })
      if (!what) throw new Refusal('ObjectNotFound', `${recipient.displayName} has nothing '${id.slice(0, 100)}' to be taken away.`)
      tell(recipient, 'removed', what, by ? { by } : {})
      return what
    },
    async reset(recipient, by) {
      await records.change(recipient, (record) => {
        Object.assign(record, { authenticators: [], passkeys: [], numbers: [], devices: [], recovery: null, sent: null })
        record.epoch++
      })
      tell(recipient, 'reset', 'everything', { by })
    },
  }
}

type Tell = (
  recipient: Recipient,
  action: SecondFactorEvent['action'],
  what: string,
  more?: { by?: string; remoteAddress?: string },
) => void
type Enrolling = Pick<
  SecondFactors,
  'newSecret' | 'uriOf' | 'addAuthenticator' | 'addPasskey' | 'addNumber' | 'confirmNumber' | 'sends' | 'sendCode' | 'renewRecoveryCodes'
>

const firstIsThere =
  'A second factor was set up for this account elsewhere, a moment ago. Show that one to go on. If it was not you, tell your administrator.'
const lastStays = 'The last second factor stays: your organisation asks for one. Add another one first.'
const hasFactor = (record: SignInRecord) => factorsOf(record).length > 0

/** Adding second factors, and sending codes to them. */
function enrolling({ records, passkeys, vault, senders, clock, random }: SecondFactorNeeds, tell: Tell): Enrolling {
  const unfit = (message: string) => new Refusal('InvalidArgument', message)

  async function send(recipient: Recipient, which: (number: NumberRow) => boolean): Promise<void> {
    const to = (await records.read(recipient)).numbers.find(which)
    const sender = senders.find(({ kind }) => kind === to?.kind)
    if (!sender || !to) throw new Refusal('InvalidOperation', 'There is no number to send a code to.')
    const code = await records.change(recipient, (record) => makeSentCode(record, to, { now: clock(), random }))
    await sender.send(vault.open(to.number, purposeOf(recipient, to.id)), code)
    tell(recipient, 'sent', to.kind)
  }

  /** Adds a factor in one write: of two browsers that set up the first one at once, one is refused. */
  async function adding<T>(recipient: Recipient, first: boolean | undefined, body: (record: SignInRecord) => T): Promise<T> {
    try {
      return await records.change(recipient, (record) => {
        const isFirst = !hasFactor(record)
        if (first && !isFirst) throw new Refusal('InvalidOperation', firstIsThere)
        // What stood in for a factor that is gone, or was made without one, stands in for no other.
        if (isFirst) Object.assign(record, { recovery: null, devices: [] })
        return body(record)
      })
    } catch (error) {
      if (error instanceof Refusal && error.message === firstIsThere) tell(recipient, 'refused', 'a first factor where there is one')
      throw error
    }
  }

  return {
    sends: senders.map(({ kind }) => kind),
    newSecret: () => newSecret(random),
    uriOf: otpauthUri,
    async addAuthenticator(recipient, { secret, code, name, first }, place) {
      const step = secret === '' ? undefined : stepOf(secret, code, clock(), 0)
      if (step === undefined) throw unfit('That is not the code that the app shows now.')
      const named = { id: randomWord(random, 1, 12), name: nameOf(name, 'Authenticator app'), created: clock() }
      await adding(recipient, first, ({ authenticators }) => {
        // The same secret twice would be one app whose every code is good twice.
        if (authenticators.some((each) => vault.open(each.secret, purposeOf(recipient, each.id)) === secret))
          throw unfit('This app is there already.')
        if (authenticators.length >= mostOfAKind) throw new Refusal('InvalidOperation', `A person has at most ${mostOfAKind} of them.`)
        authenticators.push({ ...named, secret: vault.seal(secret, purposeOf(recipient, named.id)), step })
      })
      tell(recipient, 'added', `authenticator ${named.name}`, place ? { remoteAddress: place.remoteAddress } : {})
    },
    async addPasskey(recipient, { response, party, name, first }, place) {
      const passkey = await passkeys.made(recipient, party, response, nameOf(name, 'Passkey'))
      if (!passkey) throw unfit('The browser made no passkey that can be used here. Try again.')
      await adding(recipient, first, (record) => {
        if (record.passkeys.length >= mostOfAKind) throw new Refusal('InvalidOperation', `A person has at most ${mostOfAKind} of them.`)
        if (record.passkeys.some(({ credential }) => credential === passkey.credential)) throw unfit('This passkey is there already.')
        record.passkeys.push(passkey)
      })
      tell(recipient, 'added', `passkey ${passkey.name}`, place ? { remoteAddress: place.remoteAddress } : {})
    },
    async addNumber(recipient, { kind, number, name }) {
      if (!senders.some((sender) => sender.kind === kind)) throw new Refusal('InvalidOperation', `This site sends no codes by ${kind}.`)
      const plain = telephoneNumber(number)
      const named = { id: randomWord(random, 1, 12), name: nameOf(name, `Telephone ending ${plain.slice(-2)}`), created: clock() }
      await records.change(recipient, (record) => {
        const row = { ...named, kind, number: vault.seal(plain, purposeOf(recipient, named.id)), confirmed: false }
        record.numbers = [...record.numbers.filter((each) => each.kind !== kind || each.confirmed), row]
      })
      await send(recipient, (each) => each.id === named.id)
    },
    async confirmNumber(recipient, { kind, code, first }) {
      const name = await adding(recipient, first, (record) => {
        const waiting = record.numbers.find((each) => each.kind === kind && !each.confirmed)
        if (!waiting || record.sent?.to !== waiting.id || !useSentCode(record, code, clock())) return undefined
        waiting.confirmed = true
        // One number a kind: the new one takes the place of the old one.
        record.numbers = record.numbers.filter((each) => each.kind !== kind || each === waiting)
        return waiting.name
      })
      if (name === undefined) throw unfit('That is not the code that was sent.')
      tell(recipient, 'added', `${kind} ${name}`)
    },
    sendCode: (recipient, kind) => send(recipient, (each) => each.kind === kind && each.confirmed),
    async renewRecoveryCodes(recipient) {
      const codes = await records.change(recipient, (record) => {
        if (!hasFactor(record)) throw new Refusal('InvalidOperation', 'Recovery codes stand in for a second factor: set one up first.')
        return renewRecovery(record, random, clock())
      })
      tell(recipient, 'renewed', 'recovery codes')
      return codes
    },
  }
}

/** Looks at a proof within an attempt that has begun, counts what came of it and ends the attempt; wrong = how long to wait. */
async function judged(
  needs: SecondFactorNeeds,
  recipient: Recipient,
  proof: Proof,
  account: string,
  remoteAddress: string,
): Promise<number | undefined> {
  const { lockout } = needs
  try {
    if (!(await isGood(needs, recipient, proof))) return lockout.failed(account, remoteAddress)
    lockout.succeeded(account, remoteAddress)
    return undefined
  } finally {
    lockout.leave(account)
  }
}

const purposeOf = ({ id }: Recipient, factor: string) => `second factor ${id} ${factor}`

function isGood({ records, passkeys, vault, clock }: SecondFactorNeeds, recipient: Recipient, proof: Proof): Promise<boolean> {
  if (proof.by === 'passkey') return passkeys.shown(recipient, proof.party, proof.response)
  const { by, code } = proof
  return records.change(recipient, (record) => {
    if (by === 'recovery') return useRecovery(record, code)
    if (by !== 'authenticator') {
      const number = record.numbers.find(({ kind, confirmed }) => kind === by && confirmed)
      return record.sent?.to === number?.id && useSentCode(record, code, clock())
    }
    for (const authenticator of record.authenticators) {
      const secret = vault.open(authenticator.secret, purposeOf(recipient, authenticator.id))
      const step = stepOf(secret, code, clock(), authenticator.step)
      if (step === undefined) continue
      authenticator.step = step
      return true
    }
    return false
  })
}

function factorsOf({ authenticators, passkeys, numbers }: SignInRecord): Factor[] {
  const shown = (kind: FactorKind, { id, name, created }: Named): Factor => ({ id, kind, name, created })
  return [
    ...authenticators.map((each) => shown('authenticator', each)),
    ...passkeys.map((each) => shown('passkey', each)),
    ...numbers.filter(({ confirmed }) => confirmed).map((each) => shown(each.kind, each)),
  ]
}

function takeAway(record: SignInRecord, id: string): string | undefined {
  for (const list of ['authenticators', 'passkeys', 'numbers', 'devices'] as const) {
    const at = record[list].findIndex((each) => each.id === id)
    if (at >= 0) return `${list.slice(0, -1)} ${record[list].splice(at, 1)[0]!.name}`
  }
  return undefined
}

/** Codes that are sent to a telephone, by text message or call, through a provider that the site is given. */
import { Refusal, type Instant } from '#model'
import type { NumberRow, SignInRecord } from './record.ts'
import { randomToken, sameText, sha256 } from './words.ts'

/** A provider of text messages or calls. It gets the number in international form and the code as digits. */
export interface CodeSender {
  kind: 'text' | 'call'
  send(number: string, code: string): Promise<void>
}

const lifetime = 5 * 60_000
const tries = 3
/** Sending costs money and wakes people. */
const between = 30_000
const window = 15 * 60_000
const mostInWindow = 5
const numberForm = /^\+[1-9]\d{6,14}$/

/** A telephone number in international form (E.164); another text → InvalidArgument. */
export function telephoneNumber(text: string): string {
  const number = text.replaceAll(/[\s().-]/g, '')
  if (numberForm.test(number)) return number
  throw new Refusal('InvalidArgument', 'A telephone number starts with + and the country, such as +49 30 5550101.')
}

/** Makes a code of six digits for a number; only its hash stays. Too many of late → ServerBusy. */
export function makeSentCode(
  record: SignInRecord,
  to: NumberRow,
  { now, random }: { now: Instant; random: (size: number) => Uint8Array },
): string {
  const recent = record.sendings.filter((each) => each > now - window)
  if (recent.length >= mostInWindow || recent.some((each) => each > now - between)) {
    throw new Refusal('ServerBusy', 'A code was sent a moment ago. Wait for it, or choose another way.')
  }
  const code = String(Buffer.from(random(6)).readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
  const salt = randomToken(random)
  record.sendings = [...recent, now]
  record.sent = { to: to.id, salt, hash: sha256(`${salt} ${code}`), expires: now + lifetime, triesLeft: tries }
  return code
}

/** Uses up the code that was sent; after the third wrong one it is worth nothing. */
export function useSentCode(record: SignInRecord, code: string, now: Instant): boolean {
  const { sent } = record
  if (!sent || sent.expires <= now) return false
  const good = sameText(sent.hash, sha256(`${sent.salt} ${code.replaceAll(/\s/g, '')}`))
  record.sent = good || sent.triesLeft <= 1 ? null : { ...sent, triesLeft: sent.triesLeft - 1 }
  return good
}

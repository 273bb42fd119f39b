/** DER for Kerberos and SPNEGO: what is read comes from strangers, and what does not fit is refused (Unauthenticated). */
import { derElements } from '#trust'
import { Refusal } from '#model'

export const tags = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  time: 0x18,
  text: 0x1b,
  sequence: 0x30,
} as const

export const application = (number: number): number => 0x60 | number
export const context = (number: number): number => 0xa0 | number

export const unreadable = (what: string): Refusal =>
  new Refusal('Unauthenticated', `The token of Negotiate is not readable: ${what}.`, { scheme: 'Negotiate' })

/** What the first element holds, which has this tag. */
export function contentOf(bytes: Buffer | undefined, tag: number, what: string): Buffer {
  const [first] = bytes ? derElements(bytes) : []
  if (first?.tag !== tag) throw unreadable(`${what} is missing or cut off`)
  return first.content
}

/** The fields of a sequence by their numbers, each with its own tag inside. */
export function fieldsOf(bytes: Buffer | undefined, what: string): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>()
  for (const { tag, content } of derElements(contentOf(bytes, tags.sequence, what))) {
    if ((tag & 0xe0) === 0xa0) fields.set(tag & 0x1f, content)
  }
  return fields
}

/** A whole number of at most 32 bits, without sign or with. */
export function integerOf(bytes: Buffer | undefined, what: string): number {
  const content = contentOf(bytes, tags.integer, what)
  if (content.length < 1 || content.length > 5) throw unreadable(`${what} is too large`)
  return content.readIntBE(0, content.length)
}

export const octetsOf = (bytes: Buffer | undefined, what: string): Buffer => contentOf(bytes, tags.octets, what)
export const textOf = (bytes: Buffer | undefined, what: string): string => contentOf(bytes, tags.text, what).toString('utf8')

/** GeneralizedTime as Kerberos has it (RFC 4120 5.2.3: no fractions, always Z), in milliseconds. */
export function timeOf(bytes: Buffer | undefined, what: string): number {
  const text = contentOf(bytes, tags.time, what).toString('latin1')
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(time)) throw unreadable(`${what} is no time`)
  return time
}

/** An element with what stands in it. */
export function der(tag: number, ...content: Uint8Array[]): Buffer {
  const whole = Buffer.concat(content)
  const { length } = whole
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), whole])
}

/** A whole number that is not negative. */
export function derInteger(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  if (bytes[0]! >= 0x80) bytes.unshift(0)
  return der(tags.integer, Buffer.from(bytes))
}

/** The time to the second, as `timeOf` reads it. */
export function derTime(time: number): Buffer {
  const text = new Date(time).toISOString().replace(/[-:T]/g, '').slice(0, 14) // prettier-ignore
  return der(tags.time, Buffer.from(`${text}Z`))
}

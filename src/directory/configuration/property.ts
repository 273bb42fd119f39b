import { isIP } from 'node:net'
import { z } from 'zod'
import { ByteSize, TimeSpan, type Instant } from '#model'

export type PropertyType =
  | 'text'
  | 'flag'
  | 'enum'
  | 'number'
  | 'limit'
  | 'bytes'
  | 'timeSpan'
  | 'uri'
  | 'guid'
  | 'domain'
  | 'address'
  | 'thumbprint'
  | 'certificate'
  | 'instant'
  | 'credential'

/** User name and password of an account elsewhere. The password is sealed in the store and shown to nobody. */
export interface Credential {
  UserName: string
  Password: string
}

/** One property of a kind of configuration object. `schema` checks and normalises a value; what is left out or cleared is `fallback`. */
export interface Property<T, Need extends 'needed' | 'free' = 'needed' | 'free'> {
  readonly type: PropertyType
  readonly many: boolean
  /** What a value must be, for the refusal: "must be …". */
  readonly expected: string
  readonly schema: z.ZodType<T>
  readonly fallback: T
  readonly need: Need
  /** The words of an enumeration. */
  readonly values?: readonly string[]
  /** Each value belongs to one object of the kind; the word names it in the refusal. */
  readonly unique?: string
  /** The parameter's name, where cmdlets call it otherwise. */
  readonly parameter?: string
  /** A flag that cmdlets take without a value. */
  readonly isSwitch?: boolean
  /** Kept and shown, but nothing here acts on it. */
  readonly inert?: boolean
  /** The cmdlets with a parameter for it; none = state that the server keeps. */
  readonly cmdlets: readonly ('New' | 'Set')[]
}

type Free<T> = Property<T, 'free'>

const both = ['New', 'Set'] as const
const plainText = /^[^\p{Cc}\p{Cs}]*$/u
/** A domain name, or one with all or the subdomains of it (`*`, `*.contoso.com`) where patterns are allowed. */
const domainForm = /^(?=.{1,253}$)([\p{L}\p{N}]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?$/u
const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const addressForm = /^[^\s@<>"(),:;[\]\\\p{Cs}]{1,64}@[^\s@<>"(),:;[\]\\\p{Cs}]{1,253}$/u

function one<T>(type: PropertyType, expected: string, schema: z.ZodType<T>, fallback: T): Free<T> {
  return { type, many: false, expected, schema, fallback, need: 'free', cmdlets: both }
}

/** Text in one line; empty = not set. */
export const text = (most = 1024): Free<string> =>
  one('text', `text of at most ${most} characters in one line`, z.string().trim().max(most).regex(plainText), '')

/** Text that has a form; empty = not set. */
export const form = (pattern: RegExp, expected: string): Free<string> =>
  one(
    'text',
    expected,
    z
      .string()
      .trim()
      .max(1024)
      .regex(plainText)
      .refine((value) => value === '' || pattern.test(value)),
    '',
  )

export const flag = (fallback: boolean): Free<boolean> => one('flag', 'True or False', z.boolean(), fallback)

/** A flag, off unless set, that cmdlets take without a value. */
export const switched = (): Free<boolean> => ({ ...flag(false), isSwitch: true })

/** A whole number within bounds. */
export const number = (least: number, most: number, fallback: number): Free<number> =>
  one('number', `a whole number from ${least} to ${most}`, z.int().min(least).max(most), fallback)

/** A whole number, or `Unlimited`. */
export type Limit = number | 'Unlimited'

/** A whole number from 0, or `Unlimited`. */
export const limit = (fallback: Limit): Free<Limit> =>
  one<Limit>(
    'limit',
    'a whole number from 0, or Unlimited',
    z.preprocess(
      (value) => (typeof value === 'string' && /^unlimited$/i.test(value.trim()) ? 'Unlimited' : value),
      z.union([z.literal('Unlimited'), z.int().min(0)]),
    ) as unknown as z.ZodType<Limit>,
    fallback,
  )

/** A number of bytes in `ByteSize`'s own words, or `Unlimited`; `ByteSize.parse` reads it. */
export const byteSize = (fallback: string): Free<string> =>
  one('bytes', 'a size (25 MB) or Unlimited', quantity(ByteSize.parse), ByteSize.parse(fallback)?.toString() ?? fallback)

/** A length of time as .NET writes it; `TimeSpan.parse` reads it. */
export const timeSpan = (fallback: string): Free<string> =>
  one('timeSpan', 'a length of time (00:30:00, 30.00:00:00)', quantity(notNegative), fallback)

/** A length of time, or `Unlimited` = none. */
export const ageLimit = (): Free<string> =>
  one('timeSpan', 'a length of time in days (30, 30.00:00:00) or Unlimited', quantity(age), 'Unlimited')

function age(text: string): TimeSpan | string | undefined {
  if (/^unlimited$/i.test(text.trim())) return 'Unlimited'
  const span = notNegative(text)
  return span && span.ms > 0 && span.ms <= longestAge ? span : undefined
}

/** 24,855 days, as in Exchange. */
const longestAge = 24_855 * 86_400_000

function notNegative(text: string): TimeSpan | undefined {
  const span = TimeSpan.parse(text)
  return span && span.ms >= 0 ? span : undefined
}

function quantity(parse: (text: string) => { toString(): string } | undefined): z.ZodType<string> {
  return z.string().transform((value, context): string => {
    const found = parse(value)
    if (found !== undefined) return found.toString()
    context.addIssue({ code: 'custom', message: 'not in this form' })
    return z.NEVER
  }) as unknown as z.ZodType<string>
}

/** One word of a list, written in whatever case; the first of `values` that is the fallback stands when it is not set. */
export function oneOf<const V extends string>(values: readonly V[], fallback: NoInfer<V>): Free<V> {
  return { ...one('enum', `one of ${values.join(', ')}`, words(values), fallback), values }
}

/** A word of a list, or empty = not set. */
export function maybeOneOf<const V extends string>(values: readonly V[]): Free<V | ''> {
  return { ...one<V | ''>('enum', `one of ${values.join(', ')}`, z.union([z.literal(''), words(values)]), ''), values }
}

function words<const V extends string>(values: readonly V[]): z.ZodType<V> {
  const byLower = new Map(values.map((value) => [value.toLowerCase(), value]))
  return z.string().transform((value, context): V => {
    const found = byLower.get(value.trim().toLowerCase())
    if (found !== undefined) return found
    context.addIssue({ code: 'custom', message: 'not one of the words' })
    return z.NEVER
  }) as unknown as z.ZodType<V>
}

/** An absolute http or https address; empty = not set. */
export const uri = (): Free<string> => one('uri', 'an http or https address', z.string().trim().max(2048).refine(isWebAddress), '')

function isWebAddress(value: string): boolean {
  if (value === '') return true
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '' && url.password === ''
}

/** A URI that need not be an address: `outlook.com`, `FYDIBOHF25SPDLT.contoso.com`, `urn:federation:MicrosoftOnline`. */
export const uriName = (): Free<string> =>
  one(
    'uri',
    'a URI without spaces',
    z
      .string()
      .trim()
      .max(1024)
      .regex(/^[^\s\p{Cc}\p{Cs}]*$/u),
    '',
  )

export const guid = (): Free<string> =>
  one(
    'guid',
    'a GUID',
    z
      .string()
      .trim()
      .toLowerCase()
      .refine((value) => value === '' || guidForm.test(value)),
    '',
  )

const domainName = z.string().trim().toLowerCase().regex(domainForm)
const domainPattern = z
  .string()
  .trim()
  .toLowerCase()
  .refine((value) => value === '*' || domainForm.test(value.replace(/^\*\./, '')))

/** A domain name in lower case; empty = not set. */
export const domain = (): Free<string> => one('domain', 'a domain name', z.union([z.literal(''), domainName]), '')

/** A domain name, `*` or `*.domain`. */
export const pattern = (): Free<string> =>
  one('domain', 'a domain name, * or *.domain', z.union([z.literal(''), domainPattern]) as z.ZodType<string>, '')

/** An SMTP address in lower case; empty = not set. */
export const address = (): Free<string> =>
  one(
    'address',
    'an SMTP address',
    z
      .string()
      .trim()
      .toLowerCase()
      .refine((value) => value === '' || addressForm.test(value)),
    '',
  )

/** SHA-1 of a certificate in upper-case hex. */
export const thumbprint = (): Free<string> =>
  one(
    'thumbprint',
    'the thumbprint of a certificate (40 hex digits)',
    z
      .string()
      .transform((value) => value.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase())
      .refine((value) => value === '' || /^[0-9A-F]{40}$/.test(value)) as unknown as z.ZodType<string>,
    '',
  )

/** A certificate: base64 of its DER form. */
export const certificate = (): Free<string> =>
  one(
    'certificate',
    'a certificate (base64 of DER)',
    z
      .string()
      .max(16_384)
      .transform((value) => value.replaceAll(/\s/g, ''))
      .refine((value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value)) as unknown as z.ZodType<string>,
    '',
  )

/** A point in time in milliseconds since 1970 UTC; null = never. */
export const instant = (): Free<Instant | null> =>
  one<Instant | null>('instant', 'a point in time', z.number().int().min(0).max(8.64e15).nullable(), null)

/** True, False or null = as the sender asks. */
export const maybeFlag = (): Free<boolean | null> => one<boolean | null>('flag', 'True, False or null', z.boolean().nullable(), null)

/** An account elsewhere; null = none. */
export const credential = (): Free<Credential | null> =>
  one<Credential | null>(
    'credential',
    'a user name and a password',
    z.strictObject({ UserName: z.string().trim().min(1).max(256).regex(plainText), Password: z.string().min(1).max(1024) }).nullable(),
    null,
  )

/** A list of values like `item`, each once, at most `most`. */
export function list<T extends string>(item: Free<T>, most = 1000): Free<T[]> {
  const many = z.array(item.schema).max(most)
  return {
    ...item,
    many: true,
    expected: `at most ${most} values, each ${item.expected}`,
    schema: many.transform((values) => [...new Set(values.filter((value) => value !== ''))]) as unknown as z.ZodType<T[]>,
    fallback: [],
  }
}

/** Other values of a list when it is not set. */
export const starting = <T>(property: Free<T>, fallback: NoInfer<T>): Free<T> => ({ ...property, fallback })

/** Without it the object cannot be. */
export const needed = <T>(property: Free<T>): Property<T, 'needed'> => ({ ...property, need: 'needed' })

/** Each value belongs to one object of the kind. */
export const unique = <T, N extends 'needed' | 'free'>(property: Property<T, N>, word: string): Property<T, N> => ({
  ...property,
  unique: word,
})

/** What the server keeps itself: no cmdlet has a parameter for it. */
export const state = <T>(property: Free<T>): Free<T> => ({ ...property, cmdlets: [] })
/** Only `New-…`, or only `Set-…`, has a parameter for it. */
export const onlyNew = <T, N extends 'needed' | 'free'>(property: Property<T, N>): Property<T, N> => ({ ...property, cmdlets: ['New'] })
export const onlySet = <T>(property: Free<T>): Free<T> => ({ ...property, cmdlets: ['Set'] })
/** Kept and shown, but nothing here acts on it: who sets it is told so. */
export const kept = <T>(property: Free<T>): Free<T> => ({ ...property, inert: true })
/** Cmdlets call it otherwise. */
export const calledBy = <T, N extends 'needed' | 'free'>(parameter: string, property: Property<T, N>): Property<T, N> => ({
  ...property,
  parameter,
})

const actions = 'CalendarSharingFreeBusy(Simple|Detail|Reviewer)|ContactsSharing'
const sharing = new RegExp(`^(\\*|Anonymous|[\\p{L}\\p{N}._-]+)\\s*:\\s*(${actions})(\\s*,\\s*(${actions}))*$`, 'iu')

/** `contoso.com: CalendarSharingFreeBusyDetail, ContactsSharing`; also `*` and `Anonymous`. */
export const sharingDomain = (): Free<string> =>
  form(sharing, 'a domain, * or Anonymous, a colon and actions (CalendarSharingFreeBusySimple, …Detail, …Reviewer, ContactsSharing)')

/** `SMTP:contoso.com;1`, `*.contoso.com` or `contoso.com`. */
export const addressSpace = (): Free<string> =>
  form(/^(smtp:)?\s*(\*|(\*\.)?[\p{L}\p{N}._-]+)(;\d{1,3})?$/iu, 'an address space (SMTP:domain;cost)')

/** A host name or an IP address, in brackets or not. */
export const smartHost = (): Free<string> =>
  one(
    'text',
    'a host name or an IP address',
    z
      .string()
      .trim()
      .refine((value) => value === '' || domainForm.test(value) || isIP(value.replace(/^\[(.*)\]$/, '$1')) !== 0),
    '',
  )

/** `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9`. */
export const addressRange = (): Free<string> =>
  one(
    'text',
    'an IP address, a network (10.0.0.0/8) or a range',
    z
      .string()
      .trim()
      .refine((value) => value === '' || isRange(value)),
    '',
  )

function isRange(value: string): boolean {
  const [network = '', bits] = value.split('/')
  if (bits !== undefined) return isIP(network) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(network) === 4 ? 32 : 128)
  const ends = value.split('-')
  return ends.length <= 2 && ends.every((end) => isIP(end.trim()) !== 0)
}

/** `0.0.0.0:25`, `[::]:25`. */
export const binding = (): Free<string> => form(/^(\[[0-9a-fA-F:.]+\]|[0-9.]+):\d{1,5}$/, 'an address and a port (0.0.0.0:25)')

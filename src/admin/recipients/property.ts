import { groupKinds, type Recipient } from '#directory'
import { ByteSize, Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { anyRecipient, idsOf, namesOfAll } from './find.ts'
import type { Noun } from './nouns.ts'

export type Change = (current: Recipient) => Partial<Recipient>

/** One property of recipients in cmdlets: parameter of Set- and New-, and what Get- shows. */
export interface RecipientProperty {
  readonly name: string
  /** Whose Set- takes it (unless it is `readOnly`) and whose Get- shows it. */
  readonly nouns: readonly Noun[]
  /** Whose New- and Enable- take it. */
  readonly made?: readonly Noun[]
  /** Nouns that show it and do not set it. */
  readonly shown?: readonly Noun[]
  readonly readOnly?: boolean
  readonly hidden?: boolean
  /** Nothing acts on it: whoever sets it is told. */
  readonly kept?: boolean
  readonly parameter: take.Parameter<unknown, 'optional'>
  readonly get: (recipient: Recipient, context: CmdletContext) => unknown
  /** Looks up what the value names; gives what is then to be changed. */
  readonly set: (value: unknown, context: CmdletContext, current: Recipient | undefined) => Change | Promise<Change>
}

export interface Where {
  nouns: readonly Noun[]
  made?: readonly Noun[]
  shown?: readonly Noun[]
}

type TextField = { [K in keyof Recipient]-?: Recipient[K] extends string | undefined ? K : never }[keyof Recipient]
type FlagField = { [K in keyof Recipient]-?: Recipient[K] extends boolean | undefined ? K : never }[keyof Recipient]
type ListField = { [K in keyof Recipient]-?: Recipient[K] extends string[] | undefined ? K : never }[keyof Recipient]

const nullableText = take.optional(take.nullable(take.string()))
const nullableSize = take.optional(take.nullable(take.bytes()))
const names = take.optional(take.nullable(take.listChange(take.identity())))

/** Checks a text: at most so long, in one line unless it may have several. Not so → InvalidParameter. */
export function plainText(name: string, value: unknown, most: number, lines = false): string {
  const text = String(value ?? '').trim()
  if (text.length <= most && text.isWellFormed() && !(lines ? /[^\P{Cc}\r\n\t]/u : /\p{Cc}/u).test(text)) return text
  throw new Refusal('InvalidParameter', `-${name} must be text of at most ${most} characters${lines ? '' : ' in one line'}.`, {
    parameter: name,
  })
}

/** Without the fields that are empty: what is not there is absent. */
function cleared(field: keyof Recipient, value: unknown): Partial<Recipient> {
  return { [field]: value === '' || value === null ? undefined : value }
}

export function text(name: string, field: TextField, where: Where, most = 256, lines = false): RecipientProperty {
  return {
    name,
    ...where,
    parameter: nullableText,
    get: (recipient) => recipient[field] ?? '',
    set: (value) => {
      const plain = plainText(name, value, most, lines)
      return () => cleared(field, plain)
    },
  }
}

export function flag(name: string, field: FlagField, where: Where, turned = false): RecipientProperty {
  return {
    name,
    ...where,
    parameter: take.optional(take.boolean()),
    get: (recipient) => (recipient[field] === true) !== turned,
    set: (value) => () => ({ [field]: (value === true) !== turned }),
  }
}

/** A member of a record of texts (`phones`, `customAttributes`). */
export function entry(name: string, field: 'phones' | 'customAttributes', key: string, where: Where): RecipientProperty {
  return {
    name,
    ...where,
    parameter: nullableText,
    get: (recipient) => recipient[field]?.[key] ?? '',
    set: (value) => {
      const plain = plainText(name, value, 1024)
      return (current) => {
        const { [key]: _, ...others } = current[field] ?? {}
        return { [field]: plain === '' ? others : { ...others, [key]: plain } }
      }
    },
  }
}

export function textList(name: string, where: Where): RecipientProperty {
  return {
    name,
    ...where,
    parameter: take.optional(take.nullable(take.listChange(take.string()))),
    get: ({ extensionAttributes }) => extensionAttributes?.[name] ?? [],
    set: (value) => (current) => {
      const before = current.extensionAttributes?.[name] ?? []
      const after = value === null ? [] : take.changedList(before, value as take.ListChange<string>)
      for (const one of after) plainText(name, one, 2048)
      if (after.length > 1300) throw new Refusal('InvalidParameter', `-${name} has at most 1300 values.`, { parameter: name })
      return { extensionAttributes: { ...current.extensionAttributes, [name]: after } }
    },
  }
}

/** One other recipient. */
export function reference(name: string, field: 'manager' | 'forwardTo', where: Where): RecipientProperty {
  return {
    name,
    ...where,
    parameter: take.optional(take.nullable(take.identity())),
    get: async (recipient, context) => (recipient[field] ? ((await namesOfAll(context, [recipient[field]]))[0] ?? null) : null),
    async set(value, context, current) {
      const other = value === null ? undefined : await anyRecipient(context, String(value))
      if (other && other.id === current?.id) {
        throw new Refusal('InvalidParameter', `-${name} of '${current.displayName}' cannot be itself.`, { parameter: name })
      }
      return () => ({ [field]: other?.id })
    },
  }
}

/** Which of the recipients in a list a property is about: all, the people or the groups. */
export type Part = 'all' | 'people' | 'groups'

/** Other recipients, of which a property may be about a part. */
export function references(name: string, field: ListField, where: Where, part: Part = 'all'): RecipientProperty {
  const partOf = async (ids: readonly string[], { directory, organisation }: CmdletContext) => {
    if (part === 'all') return [...ids]
    const found = await Promise.all(ids.map((id) => directory.recipient(organisation, id)))
    return found.flatMap((one) => (one && groupKinds.includes(one.kind) === (part === 'groups') ? [one.id] : []))
  }
  return {
    name,
    ...where,
    parameter: names,
    get: async (recipient, context) => namesOfAll(context, await partOf(recipient[field] ?? [], context)),
    async set(value, context, current) {
      const asked = (value ?? []) as take.ListChange<string>
      const mine = new Set(await partOf(current?.[field] ?? [], context))
      const look = (identities: readonly string[]) => idsOf(context, identities)
      const change = Array.isArray(asked) ? await look(asked) : { Add: await look(asked.Add), Remove: await look(asked.Remove) }
      const given = Array.isArray(change) ? change : change.Add
      const strange = (await partOf(given, context)).length !== given.length
      if (strange) throw new Refusal('InvalidParameter', `-${name} takes ${part} alone.`, { parameter: name })
      return (now) => {
        const all = now[field] ?? []
        const others = all.filter((id) => part !== 'all' && !mine.has(id))
        return { [field]: [...others, ...take.changedList(all.filter((id) => !others.includes(id)), change)] } // prettier-ignore
      }
    },
  }
}

/** A size in bytes; without limit it is absent. */
export function size(
  name: string,
  where: Where,
  get: (recipient: Recipient) => number | undefined,
  put: (current: Recipient, bytes: number | undefined) => Partial<Recipient>,
): RecipientProperty {
  // prettier-ignore
  return {
    name,
    ...where,
    parameter: nullableSize,
    get: (recipient) => new ByteSize(get(recipient) ?? Number.POSITIVE_INFINITY),
    set: (value) => (current) => put(current, value instanceof ByteSize && !value.isUnlimited ? value.bytes : undefined),
  }
}

type KeptValue = NonNullable<Recipient['kept']>[string]

/** Says of a property that nothing acts on it, in its help and whenever it is set. */
function notYet(row: RecipientProperty): RecipientProperty {
  return { ...row, kept: true, parameter: { ...row.parameter, summary: 'Kept and shown; nothing acts on it yet.' } }
}

/** What is kept and shown by its name, and nothing acts on. */
const keptProperty = (...row: Parameters<typeof actingProperty>): RecipientProperty => notYet(actingProperty(...row))

/** What is kept by its name for somebody below who acts on it. */
function actingProperty(
  name: string,
  where: Where,
  parameter: RecipientProperty['parameter'],
  fallback: KeptValue | null,
  read: (value: unknown) => KeptValue | undefined,
): RecipientProperty {
  return {
    name,
    ...where,
    parameter,
    get: ({ kept }) => kept?.[name] ?? fallback,
    set: (value) => (current) => {
      const { [name]: _, ...others } = current.kept ?? {}
      const next = value === null ? undefined : read(value)
      return { kept: next === undefined ? others : { ...others, [name]: next } }
    },
  }
}

/** A flag that somebody below acts on. */
export const actingFlag = (name: string, where: Where, summary?: string, fallback = false) =>
  actingProperty(name, where, take.optional(take.boolean(), summary === undefined ? {} : { summary }), fallback, (value) => value === true)
/** A moment that somebody below acts on; null = none. */
export const actingInstant = (name: string, where: Where, summary: string): RecipientProperty => ({
  ...actingProperty(name, where, take.optional(take.nullable(take.instant()), { summary }), null, Number),
  get: ({ kept }) => (typeof kept?.[name] === 'number' ? new Date(kept[name]) : null),
})
export const keptFlag = (name: string, where: Where, fallback = false) =>
  keptProperty(name, where, take.optional(take.boolean()), fallback, (value) => value === true)
/** Names another object; null = none, as Exchange shows it. */
export const keptName = (name: string, where: Where, fallback: string | null = null) =>
  keptProperty(name, where, nullableText, fallback, (value) => plainText(name, value, 1024))
export const keptText = (name: string, where: Where, fallback = '') =>
  keptProperty(name, where, nullableText, fallback, (value) => plainText(name, value, 1024))
export const keptWord = (name: string, where: Where, values: readonly string[]) =>
  keptProperty(name, where, take.optional(take.oneOf(values)), values[0]!, (value) => String(value))
export const keptSize = (name: string, where: Where) => keptProperty(name, where, nullableSize, 'Unlimited', (value) => String(value))
export const keptCount = (name: string, where: Where) =>
  keptProperty(name, where, take.optional(take.nullable(take.count())), 'Unlimited', (value) =>
    Number.isFinite(value) ? Number(value) : 'Unlimited',
  )
export const keptList = (name: string, where: Where) =>
  keptProperty(name, where, take.optional(take.nullable(take.list(take.string()))), [], (value) =>
    (value as string[]).slice(0, 100).map((one) => plainText(name, one, 256)),
  )

/** Shown alone. */
export const shown = (name: string, nouns: readonly Noun[], get: RecipientProperty['get']): RecipientProperty => ({
  name,
  nouns,
  readOnly: true,
  parameter: nullableText,
  get,
  set: () => () => ({}),
})

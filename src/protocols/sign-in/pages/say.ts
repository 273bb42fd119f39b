/** In which language the pages speak, and what they say in it. */
import { languages, texts, type Language, type TextKey } from './texts.ts'

type Values = Readonly<Record<string, string | number>>

/** Says a text in one language. */
export interface Say {
  (key: TextKey, values?: Values): string
  readonly language: Language
  /** What was refused, in this language where its words are in the table; else as it is. */
  refused(message: string): string
}

const put = (text: string, values: Values) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))

/** The words of a refusal as a pattern, with what is put into them. */
const patternOf = (text: string) =>
  new RegExp(`^${text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{(\w+)\}/g, '(?<$1>.{0,200}?)')}$`, 'su')
const refusals = (Object.keys(texts) as TextKey[]).map((key) => ({ key, pattern: patternOf(texts[key][0]) }))

export function sayIn(language: Language): Say {
  const at = languages.indexOf(language)
  const say = (key: TextKey, values: Values = {}) => put(texts[key][at]!, values)
  const refused = (message: string) => {
    for (const { key, pattern } of refusals) {
      const found = pattern.exec(message)
      if (found) return say(key, found.groups)
    }
    return message
  }
  return Object.assign(say, { language, refused })
}

const voices = Object.fromEntries(languages.map((language) => [language, sayIn(language)])) as Record<Language, Say>

/** What is looked at, in this order; the first one that names a language of ours decides. None does → English. */
export interface Wishes {
  /** `ui_locales` of the request: tags with spaces between them, the best first (OIDC Core 3.1.2.1). */
  asked: unknown
  /** Of the person's mailbox, `de-AT`; looked up only when it is needed. */
  culture?: () => Promise<string | undefined>
  /** `Accept-Language` (RFC 9110 12.5.4). */
  accepted: string | undefined
}

export async function sayFor({ asked, culture, accepted }: Wishes): Promise<Say> {
  const wished = askedIn(asked) ?? first([(await culture?.()) ?? ''])
  return wished ? voices[wished] : sayNow({ asked, accepted })
}

/** The same where nobody is known. */
export const sayNow = ({ asked, accepted }: Omit<Wishes, 'culture'>): Say => voices[askedIn(asked) ?? first(ranked(accepted)) ?? 'en']

const longest = 1000

const askedIn = (asked: unknown) => first(typeof asked === 'string' ? asked.slice(0, longest).split(' ') : [])

/** The first tag of a language of ours: its country does not matter (RFC 4647 3.4). */
function first(tags: readonly string[]): Language | undefined {
  for (const tag of tags) {
    const language = languages.find((each) => each === tag.trim().toLowerCase().split(/[-_]/, 1)[0])
    if (language) return language
  }
  return undefined
}

/** The tags of `Accept-Language`, the best first, without those that are not wanted. */
function ranked(accepted = ''): string[] {
  return accepted
    .slice(0, longest)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';')
      const quality = /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/i.exec(parameters[0] ?? '')?.[1]
      return { tag, quality: parameters.length === 0 ? 1 : Number(quality ?? 0) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

import { Refusal } from '#model'
import { textOf } from '#wire'
import { attribute, bool, oneOf, optional, parseInstant, string, textType, type Codec, type Infer } from '../kernel/index.ts'
import { t } from './namespaces.ts'

/**
 * A date-time kept as its text: in availability requests and answers it is local time of the zone that the request names, so
 * only who knows that zone can say which instant it is (`parseInstant(text, { local })`).
 */
export const localDateTime = textType<string>({
  of: 'localDateTime',
  expected: 'a date and time such as 2030-03-04T09:00:00',
  parse: (text) => (parseInstant(text, { local: () => 0 }) === undefined ? undefined : text),
  print: (value) => value,
})

/** What another namespace keeps in an element, as written: encrypted tokens and such. Only for XML that this server made or checked. */
export const opaque: Codec<string> = {
  shape: { is: 'own', name: 'opaque' },
  read: (element) => {
    if (textOf(element).trim() !== '' && element.children.length === 1)
      throw new Refusal('SchemaValidation', `${element.name}: expected an element`)
    return element.inner().trim()
  },
  write: (tag, value) => `<${tag}>${value}</${tag}>`,
}

/** The same type under `t:` in a place where the elements around it are in the messages namespace (xs:element ref). */
export function underTypes<T>(of: Codec<T>): Codec<T> {
  return { ...of, write: (tag, value, context) => of.write(tag.replace(/^m:/, 't:'), value, context) }
}

/** [MS-OXWAVLS] 2.2.4 EmailAddress: the older form of a person, used by availability and out-of-office. */
export const PlainAddress = t.record({ Name: optional(string), Address: string, RoutingType: optional(string) })
export type PlainAddress = Infer<typeof PlainAddress>

const lang = '{http://www.w3.org/XML/1998/namespace}lang'
const Reply = t.record({ Message: optional(string) })
/** An out-of-office text with its language. */
export const ReplyBody: Codec<{ Message?: string; lang?: string }> = {
  shape: { is: 'own', name: 'replyBody' },
  read: (element, context) => {
    const language = element.attributes[lang]
    return { ...Reply.read(element, context), ...(language !== undefined && { lang: language }) }
  },
  write: (tag, { Message, lang: language }, context) => {
    const xml = Reply.write(tag, { ...(Message !== undefined && { Message }) }, context)
    return language && /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(language) ? xml.replace(`<${tag}`, `<${tag} xml:lang="${language}"`) : xml
  },
}

/** A domain as service configurations list it. */
export const SmtpDomain = t.record({ Name: attribute(string), IncludeSubdomains: optional(attribute(bool)) })
/** Who outside the organisation gets an out-of-office answer. */
export const ExternalAudience = oneOf('None', 'Known', 'All')

import type { Recipient } from '#directory'
import type { Body, EmailAddress } from '#model'
import { headerNamed, type ParsedMessage } from '#wire'
import { isAutomatic } from './submitted.ts'
import type { Incoming } from '../delivery/incoming.ts'
import { wordsOfBody } from '../items/search-text.ts'

/** What rules and automatic replies ask about a message that comes in. What costs is found out when it is first asked for. */
export interface MessageFacts {
  kind: string
  itemClass: string
  subject: string
  /** Texts to be searched, case folded, at most `searched` characters of each: the body's words, the header fields (`name: value`), people. */
  texts: { subject(): string; body(): string; headers(): string; sender(): string; recipients(): string }
  header(name: string): string
  categories: readonly string[]
  importance: string
  sensitivity: string
  hasAttachments: boolean
  from: EmailAddress | undefined
  to: readonly EmailAddress[]
  cc: readonly EmailAddress[]
  /** Lower-case addresses of To and Cc. */
  addressees(): ReadonlySet<string>
  /** Lower-case addresses of the mailbox's owner. */
  mine: ReadonlySet<string>
  /** Bytes. */
  size: number
  received: number
  smimeType: string
  /** It says of itself that no person wrote it (RFC 3834). */
  automatic: boolean
}

/** Characters of a text that are searched: what a message costs does not grow with it and with the number of rules. */
const searched = 256 * 1024

/** Text as it is compared: without case. */
export const folded = (text: string): string => text.toLocaleLowerCase('und')

/** Every address of a recipient, lower case. */
export function addressesOf(recipient: Recipient | undefined): Set<string> {
  const proxies = recipient?.proxyAddresses.flatMap((proxy) => (/^smtp:/i.test(proxy) ? [proxy.slice(5).toLowerCase()] : [])) ?? []
  return new Set(recipient ? [recipient.address.toLowerCase(), ...proxies] : [])
}

export function factsOf({ item, parsed, delivery, owner }: Pick<Incoming, 'item' | 'parsed' | 'delivery' | 'owner'>): MessageFacts {
  const { properties } = item
  const named = (name: string): string => (typeof properties[name] === 'string' ? properties[name] : '')
  const people = (name: string): EmailAddress[] => (properties[name] as EmailAddress[] | undefined) ?? []
  const subject = named('subject')
  const from = (properties.from ?? properties.sender) as EmailAddress | undefined
  const [to, cc] = [people('toRecipients'), people('ccRecipients')]
  const text = (make: () => string) => once(() => folded(make().slice(0, searched)))
  const header = (name: string): string => headerNamed(parsed.headers, name)?.value ?? ''
  return {
    kind: item.kind,
    itemClass: named('itemClass'),
    subject,
    texts: {
      subject: text(() => subject),
      body: text(() => wordsOfBody(properties.body as Body | undefined)),
      headers: text(() => headerText(parsed)),
      sender: text(() => peopleText([from])),
      recipients: text(() => peopleText([...to, ...cc])),
    },
    header,
    categories: (properties.categories as string[] | undefined) ?? [],
    importance: named('importance') || 'Normal',
    sensitivity: named('sensitivity') || 'Normal',
    hasAttachments: (item.attachments ?? []).some((one) => !one.inline),
    from,
    to,
    cc,
    addressees: once(() => new Set([...to, ...cc].map(({ address = '' }) => address.toLowerCase()))),
    mine: addressesOf(owner),
    size: delivery.mime.length,
    received: delivery.receivedAt,
    smimeType: parsed.contentParams['smime-type']?.toLowerCase() ?? '',
    automatic: isAutomatic(parsed),
  }
}

function headerText({ headers }: ParsedMessage): string {
  return headers.map(({ name, value }) => `${name}: ${value}`).join('\n')
}

function peopleText(people: readonly (EmailAddress | undefined)[]): string {
  return people.map((one) => `${one?.name ?? ''} ${one?.address ?? ''}`).join('\n')
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

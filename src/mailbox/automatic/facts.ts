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
  /** Words of the body, without markup. */
  body(): string
  /** Header fields as text, `Name: value` each. */
  headers(): string
  header(name: string): string
  categories: readonly string[]
  importance: string
  sensitivity: string
  hasAttachments: boolean
  from: EmailAddress | undefined
  to: readonly EmailAddress[]
  cc: readonly EmailAddress[]
  /** Lower-case addresses of the mailbox's owner. */
  mine: ReadonlySet<string>
  /** Bytes. */
  size: number
  received: number
  smimeType: string
  /** It says of itself that no person wrote it (RFC 3834). */
  automatic: boolean
}

/** Every address of a recipient, lower case. */
export function addressesOf(recipient: Recipient | undefined): Set<string> {
  const proxies = recipient?.proxyAddresses.flatMap((proxy) => (/^smtp:/i.test(proxy) ? [proxy.slice(5).toLowerCase()] : [])) ?? []
  return new Set(recipient ? [recipient.address.toLowerCase(), ...proxies] : [])
}

export function factsOf({ item, parsed, delivery, owner }: Pick<Incoming, 'item' | 'parsed' | 'delivery' | 'owner'>): MessageFacts {
  const { properties } = item
  const text = (name: string): string => (typeof properties[name] === 'string' ? properties[name] : '')
  const people = (name: string): EmailAddress[] => (properties[name] as EmailAddress[] | undefined) ?? []
  const header = (name: string): string => headerNamed(parsed.headers, name)?.value ?? ''
  return {
    kind: item.kind,
    itemClass: text('itemClass'),
    subject: text('subject'),
    body: once(() => wordsOfBody(properties.body as Body | undefined)),
    headers: once(() => headerText(parsed)),
    header,
    categories: (properties.categories as string[] | undefined) ?? [],
    importance: text('importance') || 'Normal',
    sensitivity: text('sensitivity') || 'Normal',
    hasAttachments: (item.attachments ?? []).some((one) => !one.inline),
    from: (properties.from ?? properties.sender) as EmailAddress | undefined,
    to: people('toRecipients'),
    cc: people('ccRecipients'),
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

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

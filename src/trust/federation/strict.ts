import type { Instant } from '#model'
import { childNamed, elementsOf, readXml, textOf, type XmlElement } from '#wire'
import { flawed } from './flaw.ts'
import { namespaces, skew, type Prefix } from './names.ts'

/** A document that two parsers understand alike: its text and its tree. */
export interface StrictDocument {
  text: string
  root: XmlElement
}

/** Bytes of a secured message or a token: sharing requests are small. */
export const mostBytes = 256 * 1024
const limits = { size: mostBytes, depth: 80, nodes: 20_000, attributes: 32 }

/**
 * Reads a document that carries signatures or tokens: UTF-8, at most 256 KB and 80 deep, without document type, comments,
 * CDATA and processing instructions, so that text is text in every reader (SOAP 1.1 3, comment injection). Else a Flaw or the
 * reader's Refusal.
 */
export function readStrict(input: Uint8Array | string): StrictDocument {
  if (input.length > mostBytes) flawed(`larger than ${mostBytes} bytes`)
  const text = typeof input === 'string' ? input : decode(input)
  // In a well-formed document these stand nowhere else.
  if (text.includes('<!')) flawed('has a document type, a comment or CDATA')
  if (text.replace(/^<\?xml\s[^>]*\?>/, '').includes('<?')) flawed('has a processing instruction')
  return { text, root: readXml(text, limits) }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) flawed('is not UTF-8')
    throw error
  }
}

/** Whether the element has this name. */
export function is(node: XmlElement, prefix: Prefix, name: string): boolean {
  return node.name === name && node.namespace === namespaces[prefix]
}

/** The children of this name. */
export function all(parent: XmlElement, prefix: Prefix, name: string): XmlElement[] {
  return elementsOf(parent).filter((child) => is(child, prefix, name))
}

/** The one child of this name; none or several are a Flaw. */
export function one(parent: XmlElement, prefix: Prefix, name: string): XmlElement {
  const [first, second] = all(parent, prefix, name)
  if (!first) return flawed(`${parent.name} has no ${name}`)
  if (second) flawed(`${parent.name} has more than one ${name}`)
  return first
}

/** The one child of this name, or undefined; several are a Flaw. */
export function atMostOne(parent: XmlElement, prefix: Prefix, name: string): XmlElement | undefined {
  return childNamed(parent, name, namespaces[prefix]) && one(parent, prefix, name)
}

/** The one child element, whatever its name. */
export function only(parent: XmlElement): XmlElement {
  const [first, second] = elementsOf(parent)
  if (!first || second) return flawed(`${parent.name} has not exactly one child`)
  return first
}

/** Follows a path of names within one namespace, each step the one child. */
export function at(parent: XmlElement, prefix: Prefix, ...names: string[]): XmlElement {
  return names.reduce((node, name) => one(node, prefix, name), parent)
}

/** The text of an element that has nothing but text, trimmed. */
export function plainText(node: XmlElement): string {
  if (elementsOf(node).length) flawed(`${node.name} has elements within its text`)
  return textOf(node).trim()
}

/** An attribute that has to be there. */
export function attribute(node: XmlElement, name: string): string {
  return node.attributes[name] ?? flawed(`${node.name} has no ${name}`)
}

/** Bytes of base64 that is written the one right way (white space aside). */
export function bytesOf(node: XmlElement): Buffer {
  const text = plainText(node).replaceAll(/\s+/g, '')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) flawed(`${node.name} is not base64`)
  return bytes
}

/** An xsd:dateTime with its zone. */
export function instantOf(text: string): Instant {
  const value = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(value) ? flawed(`'${text.slice(0, 40)}' is no time`) : value
}

/**
 * A wsu:Timestamp that is of now: created at most 5 minutes ahead, expired at most 5 minutes ago, living at most 10 minutes
 * ([WSS SOAP Message Security 1.1] 10).
 */
export function readTimestamp(node: XmlElement, now: Instant): { created: Instant; expires: Instant } {
  const created = instantOf(plainText(one(node, 'wsu', 'Created')))
  const expires = instantOf(plainText(one(node, 'wsu', 'Expires')))
  const code = 'wsu:MessageExpired'
  if (created > now + skew) flawed(`the message was created ${Math.round((created - now) / 1000)} s in the future`, code)
  if (expires <= now - skew) flawed(`the message expired ${Math.round((now - expires) / 1000)} s ago`, code)
  if (expires <= created || expires - created > 2 * skew) flawed('the message lives too long', code)
  return { created, expires }
}

/** Header and body of a SOAP envelope (one each, in this order) of a version. */
export function openEnvelope(root: XmlElement, prefix: 'soap' | 's12'): { header: XmlElement; body: XmlElement } {
  if (!is(root, prefix, 'Envelope')) flawed('is no SOAP envelope')
  const header = one(root, prefix, 'Header')
  const body = one(root, prefix, 'Body')
  if (elementsOf(root).length !== 2) flawed('the envelope has more than header and body')
  return { header, body }
}

/** An application URI or audience for comparison: without scheme and closing slash, in lower case (hybrid reference 3.3). */
export function uriKey(uri: string): string {
  return uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
}

/** The domain of an SMTP address, lower case; a Flaw for what is none. */
export function domainOf(address: string): string {
  return /^[^\s@<>]{1,256}@([a-z0-9._-]{1,253})$/i.exec(address)?.[1]?.toLowerCase() ?? flawed('an e-mail address is malformed')
}

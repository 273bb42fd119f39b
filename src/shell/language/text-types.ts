import { Thing, type Value } from '../values.ts'
import { castProblem } from './problem.ts'

/** Types of .NET that are read from a text and shown as it: `[version]`, `[uri]`, `[mailaddress]`. */

const versionType = 'System.Version'
const versionForm = /^\d{1,9}(\.\d{1,9}){1,3}$/
const parts = ['Major', 'Minor', 'Build', 'Revision']

/** `[version]'15.1.2'`; a part that is not there is -1. */
export function toVersion(value: Value): Value {
  if (value === null || isVersion(value)) return value
  const text = String(value).trim()
  if (!versionForm.test(text)) throw castProblem(text, versionType)
  const numbers = text.split('.').map(Number)
  return new Thing(parts.map((name, at) => [name, numbers[at] ?? -1] as const), [versionType], numbers.join('.')) // prettier-ignore
}

export const isVersion = (value: Value): value is Thing => value instanceof Thing && value.types[0] === versionType

/** By their parts: 15.10 comes after 15.9. */
export function versionOrder(left: Thing, right: Thing): number {
  for (const name of parts) {
    const difference = Number(left.get(name)) - Number(right.get(name))
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

/** `[uri]'https://mail.contoso.com/ews'`. */
export function toUri(value: Value): Value {
  if (value === null || (value instanceof Thing && value.types[0] === 'System.Uri')) return value
  const text = String(value)
  const read = URL.parse(text)
  const properties: [string, Value][] = read
    ? [['AbsoluteUri', read.href], ['Scheme', read.protocol.slice(0, -1)], ['Host', read.hostname], ['Port', portOf(read)], ['AbsolutePath', read.pathname], ['Query', read.search], ['IsAbsoluteUri', true]]
    : [['IsAbsoluteUri', false]] // prettier-ignore
  return new Thing([...properties, ['OriginalString', text]], ['System.Uri'], read?.href ?? text)
}

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ftp:': 21 }
const portOf = ({ port, protocol }: URL) => (port === '' ? (ports[protocol] ?? -1) : Number(port))

/** `[mailaddress]'Mary <mary@contoso.com>'`. */
export function toMailAddress(value: Value): Value {
  const type = 'System.Net.Mail.MailAddress'
  if (value === null || (value instanceof Thing && value.types[0] === type)) return value
  const text = String(value).trim()
  const found = /^(?:"?([^"<>]*?)"?\s*<)?([^\s<>@]{1,200})@([^\s<>@]{1,255})>?$/.exec(text.slice(0, 1000))
  if (!found || text.endsWith('>') !== text.includes('<')) throw castProblem(text, type)
  const [, name = '', user = '', host = ''] = found
  const address = `${user}@${host}`
  return new Thing([['DisplayName', name], ['User', user], ['Host', host], ['Address', address]], [type], name ? `"${name}" <${address}>` : address) // prettier-ignore
}

/** What Exchange's addresses say of themselves (SmtpAddress, ProxyAddress), read from their text; undefined for any other text or name. */
export function addressProperty(text: string, key: string): Value | undefined {
  const read = Object.hasOwn(addressParts, key) && text.length < 1200 ? /^(?:([a-z][a-z0-9]*):)?(([^\s@:]+)@([^\s@]+)|(?<=:).+)$/i.exec(text) : null // prettier-ignore
  if (!read) return undefined
  const [, prefix, address = '', local, domain] = read
  return addressParts[key]!({ text, prefix, address, local, domain })
}

interface Address {
  text: string
  prefix: string | undefined
  address: string
  local: string | undefined
  domain: string | undefined
}
const addressParts: Readonly<Record<string, (read: Address) => Value | undefined>> = {
  local: ({ prefix, local }) => (prefix === undefined ? local : undefined),
  domain: ({ prefix, domain }) => (prefix === undefined ? domain : undefined),
  prefixstring: ({ prefix }) => prefix,
  smtpaddress: ({ prefix, address }) => (prefix?.toLowerCase() === 'smtp' ? address : undefined),
  addressstring: ({ prefix, address }) => (prefix === undefined ? undefined : address),
  proxyaddressstring: ({ prefix, text }) => (prefix === undefined ? undefined : text),
  isprimaryaddress: ({ prefix }) => (prefix === undefined ? undefined : prefix === prefix.toUpperCase()),
}

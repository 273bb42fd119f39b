import { Refusal, type TimeZoneRef } from '#model'
import { childNamed, elementsOf, escapeAttribute, escapeText, textElement, textOf, type XmlElement } from '#wire'
import { errorsUri, messagesUri, soap12Uri, soapUri, typesUri } from './namespaces.ts'
import { TimeZoneElement } from './time-zones.ts'

/** What the headers of a request say; all are optional ([MS-OXWSCDATA] 2.2.3). Headers not named here are passed over. */
export interface RequestHeaders {
  /** As it was written, unofficial ones too; which to accept is the protocol's business. */
  requestServerVersion?: string
  mailboxCulture?: string
  timeZoneContext?: TimeZoneRef
  dateTimePrecision?: 'Seconds' | 'Milliseconds'
  impersonate?: { by: 'PrincipalName' | 'SID' | 'PrimarySmtpAddress' | 'SmtpAddress'; identity: string }
  managementRoles?: { user: string[]; application: string[] }
  /** A server asks on behalf of somebody of its own ([MS-OXWAVLS]; source R4(a)). */
  requestType?: 'CrossSite' | 'CrossForest'
  /** Whom it asks for, where the forests trust each other. */
  securityContext?: SecurityContext
}

/** [MS-OXWSCDATA] 2.2.4.65 SerializedSecurityContextType. */
export interface SecurityContext {
  userSid: string
  groupSids: string[]
  restrictedGroupSids: string[]
  primarySmtpAddress: string
}

export interface Request {
  headers: RequestHeaders
  /** The one child of the body: the operation. */
  body: XmlElement
}

/** Takes a SOAP 1.1 (or 1.2) request apart. Refuses InvalidRequest for what is not an envelope with one element in its body. */
export function readEnvelope(root: XmlElement): Request {
  if (root.name !== 'Envelope' || (root.namespace !== soapUri && root.namespace !== soap12Uri)) {
    throw new Refusal('InvalidRequest', 'The request is not a SOAP envelope.', { line: root.line, column: root.column })
  }
  const body = childNamed(root, 'Body', root.namespace)
  const [operation, second] = body ? elementsOf(body) : []
  if (!operation || second)
    throw new Refusal('InvalidRequest', 'The SOAP body holds not exactly one element.', { line: root.line, column: root.column })
  const header = childNamed(root, 'Header', root.namespace)
  return { headers: header ? readHeaders(header) : {}, body: operation }
}

function readHeaders(header: XmlElement): RequestHeaders {
  const headers: RequestHeaders = {}
  const named = (name: string): XmlElement | undefined => childNamed(header, name, typesUri) ?? childNamed(header, name, messagesUri)
  const version = named('RequestServerVersion')?.attributes.Version
  if (version !== undefined) headers.requestServerVersion = version
  const culture = named('MailboxCulture')
  if (culture) headers.mailboxCulture = textOf(culture).trim()
  const zone = named('TimeZoneContext')
  const definition = zone && childNamed(zone, 'TimeZoneDefinition')
  if (definition) headers.timeZoneContext = TimeZoneElement.read(definition, { local: () => 0 })
  const precision = named('DateTimePrecision')
  const wanted = precision && textOf(precision).trim()
  if (wanted === 'Seconds' || wanted === 'Milliseconds') headers.dateTimePrecision = wanted
  const impersonation = named('ExchangeImpersonation')
  if (impersonation) headers.impersonate = readImpersonation(impersonation)
  const role = named('ManagementRole')
  if (role) headers.managementRoles = { user: roles(role, 'UserRoles'), application: roles(role, 'ApplicationRoles') }
  const type = named('RequestType')
  const typed = type && textOf(type).trim()
  if (typed === 'CrossSite' || typed === 'CrossForest') headers.requestType = typed
  const context = named('SerializedSecurityContext')
  if (context) headers.securityContext = readSecurityContext(context)
  return headers
}

const mostSids = 3000
const longestIdentity = 1024

/** Refuses InvalidSerializedAccessToken for what names nobody, or more groups than anybody is in. */
function readSecurityContext(element: XmlElement): SecurityContext {
  const text = (name: string) => {
    const child = childNamed(element, name)
    return child ? textOf(child).trim() : ''
  }
  const sids = (name: string) => {
    const list = childNamed(element, name)
    const found = list ? elementsOf(list).map((group) => textOf(childNamed(group, 'SecurityIdentifier') ?? group).trim()) : []
    return found.filter((sid) => sid !== '')
  }
  const context = {
    userSid: text('UserSid'),
    groupSids: sids('GroupSids'),
    restrictedGroupSids: sids('RestrictedGroupSids'),
    primarySmtpAddress: text('PrimarySmtpAddress'),
  }
  if (!/^S-1-[\d-]+$/i.test(context.userSid) || context.groupSids.length > mostSids) {
    throw new Refusal('InvalidSerializedAccessToken', 'SerializedSecurityContext: expected a UserSid and at most 3000 groups.')
  }
  return context
}

/** [MS-OXWSCDATA] 2.2.4.24. A header that names nobody is refused, or the request would run as the one who signed in. */
function readImpersonation(element: XmlElement): NonNullable<RequestHeaders['impersonate']> {
  const sid = childNamed(element, 'ConnectingSID')
  const [by, second] = sid ? elementsOf(sid) : []
  const identity = by ? textOf(by).trim() : ''
  if (by && !second && identity !== '' && identity.length <= longestIdentity && by.namespace === typesUri) {
    if (by.name === 'PrincipalName' || by.name === 'SID' || by.name === 'PrimarySmtpAddress' || by.name === 'SmtpAddress') {
      return { by: by.name, identity }
    }
  }
  throw new Refusal(
    'InvalidExchangeImpersonationHeaderData',
    'ExchangeImpersonation: expected a ConnectingSID with one of PrincipalName, SID, PrimarySmtpAddress, SmtpAddress.',
  )
}

function roles(element: XmlElement, name: string): string[] {
  const list = childNamed(element, name)
  return list ? elementsOf(list).map((role) => textOf(role).trim()) : []
}

/** [MS-OXWSCDATA] 2.2.3.12: what this server is, on every answer. */
export interface ServerVersion {
  major: number
  minor: number
  majorBuild: number
  minorBuild: number
  version: string
}

const namespaces = `xmlns:t="${typesUri}" xmlns:m="${messagesUri}"`

function versionHeader({ major, minor, majorBuild, minorBuild, version }: ServerVersion): string {
  return (
    `<t:ServerVersionInfo MajorVersion="${major}" MinorVersion="${minor}" MajorBuildNumber="${majorBuild}"` +
    ` MinorBuildNumber="${minorBuild}" Version="${escapeAttribute(version)}"/>`
  )
}

/** An answer in its envelope; `body` is an element as a codec writes it. Prefixes are `t:` and `m:` whatever happens. */
export function writeEnvelope(body: string, server: ServerVersion): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soapUri}" ${namespaces}>` +
    `<s:Header>${versionHeader(server)}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  )
}

/**
 * One piece of a streaming answer: whole in itself, the envelope without prefix, for clients look for the literal
 * `</Envelope>`.
 */
export function writeStreamedEnvelope(body: string, server: ServerVersion): string {
  return `<Envelope xmlns="${soapUri}" ${namespaces}>` + `<Header>${versionHeader(server)}</Header><Body>${body}</Body></Envelope>`
}

/**
 * A SOAP fault as Exchange writes it, for requests that cannot be read: the code, the message, for schema violations where it
 * stands (`line`, `column`, `problem` of the refusal's detail), for a busy server when to try again (`backOff`, milliseconds).
 */
export function writeFault(code: string, { message, detail }: Pick<Refusal, 'message' | 'detail'>, server: ServerVersion): string {
  const { line, column, problem, backOff } = detail
  const parts: string[] = []
  if (line !== undefined && column !== undefined) {
    parts.push(`<t:LineNumber>${line}</t:LineNumber><t:LinePosition>${column}</t:LinePosition>`)
    parts.push(textElement('t:Violation', String(problem ?? message)))
  }
  if (backOff !== undefined) parts.push(`<t:Value Name="BackOffMilliseconds">${backOff}</t:Value>`)
  const where = parts.length > 0 ? `<t:MessageXml>${parts.join('')}</t:MessageXml>` : ''
  const fault =
    `<s:Fault><faultcode xmlns:a="${typesUri}">a:${code}</faultcode><faultstring xml:lang="en-US">${escapeText(message)}</faultstring>` +
    `<detail><e:ResponseCode xmlns:e="${errorsUri}">${code}</e:ResponseCode>` +
    `<e:Message xmlns:e="${errorsUri}">${escapeText(message)}</e:Message>${where}</detail></s:Fault>`
  return writeEnvelope(fault, server)
}

/** An element as a codec writes it, with its namespaces declared: for envelopes that are made elsewhere. */
export function standaloneElement(xml: string): string {
  return xml.replace(/^<([tm]:[A-Za-z]+)/, `<$1 ${namespaces}`)
}

/** A request in its envelope: what a client sends. */
export function writeRequest(body: string, headers: RequestHeaders = {}): string {
  let header = ''
  if (headers.requestServerVersion !== undefined) {
    header += `<t:RequestServerVersion Version="${escapeAttribute(headers.requestServerVersion)}"/>`
  }
  if (headers.mailboxCulture !== undefined) header += `<t:MailboxCulture>${escapeText(headers.mailboxCulture)}</t:MailboxCulture>`
  if (headers.dateTimePrecision) header += `<t:DateTimePrecision>${headers.dateTimePrecision}</t:DateTimePrecision>`
  if (headers.timeZoneContext) {
    const zone = TimeZoneElement.write('t:TimeZoneDefinition', headers.timeZoneContext, { dateTime: String })
    header += `<t:TimeZoneContext>${zone}</t:TimeZoneContext>`
  }
  if (headers.impersonate) {
    const { by, identity } = headers.impersonate
    header += `<t:ExchangeImpersonation><t:ConnectingSID><t:${by}>${escapeText(identity)}</t:${by}></t:ConnectingSID></t:ExchangeImpersonation>`
  }
  if (headers.managementRoles) header += managementRoleElement(headers.managementRoles)
  if (headers.requestType) header += `<t:RequestType>${headers.requestType}</t:RequestType>`
  if (headers.securityContext) header += securityContextElement(headers.securityContext)
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soapUri}" ${namespaces}>` +
    `<s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  )
}

function managementRoleElement({ user, application }: NonNullable<RequestHeaders['managementRoles']>): string {
  const list = (name: string, roles: readonly string[]) =>
    roles.length === 0 ? '' : `<t:${name}>${roles.map((role) => textElement('t:Role', role)).join('')}</t:${name}>`
  return `<t:ManagementRole>${list('UserRoles', user)}${list('ApplicationRoles', application)}</t:ManagementRole>`
}

function securityContextElement({ userSid, groupSids, restrictedGroupSids, primarySmtpAddress }: SecurityContext): string {
  const groups = (name: string, item: string, sids: readonly string[]) =>
    sids.length === 0
      ? ''
      : `<t:${name}>${sids.map((sid) => `<t:${item} Attributes="7">${textElement('t:SecurityIdentifier', sid)}</t:${item}>`).join('')}</t:${name}>`
  return (
    `<t:SerializedSecurityContext>${textElement('t:UserSid', userSid)}${groups('GroupSids', 'GroupIdentifier', groupSids)}` +
    groups('RestrictedGroupSids', 'RestrictedGroupIdentifier', restrictedGroupSids) +
    `${textElement('t:PrimarySmtpAddress', primarySmtpAddress)}</t:SerializedSecurityContext>`
  )
}

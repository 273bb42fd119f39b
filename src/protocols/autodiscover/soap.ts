import { Refusal, type Caller } from '#model'
import type { Directory } from '#directory'
import { childNamed, elementsOf, escapeText, readXml, textElement, textOf, type XmlElement } from '#wire'
import { serverBuild, type Endpoints } from './endpoints.ts'
import { lookUp, type Lookup } from './look-up.ts'
import { domainSettings, userSettings, type SettingValue } from './user-settings.ts'

const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
const addressing = 'http://www.w3.org/2005/08/addressing'
const namespace = 'http://schemas.microsoft.com/exchange/2010/Autodiscover'
const instance = 'http://www.w3.org/2001/XMLSchema-instance'
/** Users or domains of one request ([MS-OXWSADISC] 3.1.4: the server may limit them). */
const mostAsked = 100

interface Deps {
  directory: Directory
  endpoints: Endpoints
}
export interface SoapAnswer {
  xml: string
  operation: string
  outcome: string
}

const operations = { GetUserSettings: answerUsers, GetDomainSettings: answerDomains }
type OperationName = keyof typeof operations

/**
 * Answers a SOAP request ([MS-OXWSADISC] 3.1.4). Errors of a user, domain or setting stand beside it; those of the
 * request stand in the response; only what is no SOAP, or an operation that is not there, is a fault.
 */
export async function answerSoap(deps: Deps, caller: Caller, body: Uint8Array): Promise<SoapAnswer> {
  let message: XmlElement
  try {
    message = readMessage(body)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { xml: fault('s:Client', error.message), operation: 'unknown', outcome: error.code }
  }
  const name = message.name.replace(/RequestMessage$/, '')
  if (!Object.hasOwn(operations, name)) {
    const text = `The operation ${name.slice(0, 100)} is not available here.`
    return { xml: fault('a:ActionNotSupported', text), operation: 'unknown', outcome: 'UnknownOperation' }
  }
  const request = childNamed(message, 'Request')
  const [code, text, answers] = request ? await operations[name as OperationName](deps, caller, request) : invalid('There is no Request.')
  return { xml: envelope(name, `${status(code, text)}${answers}`), operation: name, outcome: code === 'NoError' ? 'ok' : code }
}

/** The same fault for what goes wrong before a request is looked at. */
export function soapFault(text: string): string {
  return fault('s:Client', text)
}

type Answer = [code: string, text: string, answers: string]
const invalid = (text: string): Answer => ['InvalidRequest', text, '']

function readMessage(body: Uint8Array): XmlElement {
  const root = readXml(body, { size: 1024 * 1024, depth: 30 })
  const inner = root.name === 'Envelope' ? childNamed(root, 'Body') : undefined
  const message = inner && elementsOf(inner)[0]
  if (!message) throw new Refusal('SchemaValidation', 'The request is not a SOAP envelope with a body.')
  return message
}

/** [MS-OXWSADISC] 3.1.4.2 GetUserSettings. */
async function answerUsers({ directory, endpoints }: Deps, caller: Caller, request: XmlElement): Promise<Answer> {
  const users = listOf(request, 'Users', 'User').map((user) => textIn(user, 'Mailbox'))
  const settings = listOf(request, 'RequestedSettings', 'Setting').map((setting) => textOf(setting).trim())
  if (users.length === 0) return invalid('At least one user has to be named.')
  if (settings.length === 0) return invalid('At least one setting has to be requested.')
  if (users.length > mostAsked) return invalid(`At most ${mostAsked} users can be asked for at once.`)
  let answers = ''
  for (const user of users) answers += userResponse(await lookUp(directory, caller, user), settings, endpoints)
  return ['NoError', '', `<UserResponses>${answers}</UserResponses>`]
}

function userResponse(found: Lookup, settings: string[], endpoints: Endpoints): string {
  if ('redirectTo' in found) {
    const target = textElement('RedirectTarget', found.redirectTo)
    return `<UserResponse>${status('RedirectAddress', 'The mailbox is elsewhere.')}${target}<UserSettingErrors/><UserSettings/></UserResponse>`
  }
  if ('unknown' in found) {
    const [code, text] =
      found.unknown === 'user'
        ? ['InvalidUser', 'There is no such user.']
        : ['InvalidDomain', 'The domain is not one of this organisation.']
    return `<UserResponse>${status(code, text)}<RedirectTarget i:nil="true"/><UserSettingErrors/><UserSettings/></UserResponse>`
  }
  const values: string[] = []
  const errors: string[] = []
  for (const setting of new Set(settings)) {
    const value = userSettings.get(setting)?.(found.person, endpoints)
    if (value) values.push(settingXml(setting, value))
    else errors.push(settingError('UserSettingError', setting))
  }
  return `<UserResponse>${status('NoError', 'No error.')}<RedirectTarget i:nil="true"/>${wrap('UserSettingErrors', errors)}${wrap('UserSettings', values)}</UserResponse>`
}

/** [MS-OXWSADISC] 3.1.4.1 GetDomainSettings. */
async function answerDomains({ directory, endpoints }: Deps, caller: Caller, request: XmlElement): Promise<Answer> {
  const domains = listOf(request, 'Domains', 'Domain').map((domain) => textOf(domain).trim())
  const settings = listOf(request, 'RequestedSettings', 'Setting').map((setting) => textOf(setting).trim())
  if (domains.length === 0) return invalid('At least one domain has to be named.')
  if (settings.length === 0) return invalid('At least one setting has to be requested.')
  if (domains.length > mostAsked) return invalid(`At most ${mostAsked} domains can be asked for at once.`)
  let answers = ''
  for (const name of domains) {
    const domain = await directory.acceptedDomain(name)
    answers += domain?.organisation === caller.organisation ? domainResponse(settings, endpoints) : unknownDomain
  }
  return ['NoError', '', `<DomainResponses>${answers}</DomainResponses>`]
}

function domainResponse(settings: string[], endpoints: Endpoints): string {
  const values: string[] = []
  const errors: string[] = []
  for (const setting of new Set(settings)) {
    const give = domainSettings.get(setting)
    if (!give) errors.push(settingError('DomainSettingError', setting))
    else
      values.push(
        `<DomainSetting i:type="DomainStringSetting">${textElement('Name', setting)}${textElement('Value', give(endpoints))}</DomainSetting>`,
      )
  }
  return `<DomainResponse>${status('NoError', 'No error.')}${wrap('DomainSettingErrors', errors)}${wrap('DomainSettings', values)}<RedirectTarget i:nil="true"/></DomainResponse>`
}

const unknownDomain = `<DomainResponse>${status('InvalidDomain', 'The domain is not one of this organisation.')}<DomainSettingErrors/><DomainSettings/><RedirectTarget i:nil="true"/></DomainResponse>`

function settingXml(name: string, value: SettingValue): string {
  if ('string' in value) {
    return `<UserSetting i:type="StringSetting">${textElement('Name', name)}${textElement('Value', value.string)}</UserSetting>`
  }
  if ('connections' in value) {
    const rows = value.connections.map(
      ({ encryption, host, port }) =>
        `<ProtocolConnection>${textElement('EncryptionMethod', encryption)}${textElement('Hostname', host)}${textElement('Port', String(port))}</ProtocolConnection>`,
    )
    return `<UserSetting i:type="ProtocolConnectionCollectionSetting">${textElement('Name', name)}${wrap('ProtocolConnections', rows)}</UserSetting>`
  }
  const rows = value.mailboxes.map(
    (one) =>
      `<AlternateMailbox>${textElement('DisplayName', one.displayName)}${textElement('LegacyDN', one.legacyDn)}` +
      `${textElement('OwnerSmtpAddress', one.address)}${textElement('Server', one.server)}${textElement('SmtpAddress', one.address)}${textElement('Type', 'Delegate')}</AlternateMailbox>`,
  )
  return `<UserSetting i:type="AlternateMailboxCollectionSetting">${textElement('Name', name)}${wrap('AlternateMailboxes', rows)}</UserSetting>`
}

const settingError = (element: string, setting: string) =>
  `<${element}>${status('SettingIsNotAvailable', 'The setting is not available.')}${textElement('SettingName', setting.slice(0, 200))}</${element}>`

const wrap = (element: string, rows: string[]) => (rows.length ? `<${element}>${rows.join('')}</${element}>` : `<${element}/>`)

function status(code: string, text: string): string {
  return textElement('ErrorCode', code) + textElement('ErrorMessage', text)
}

function listOf(request: XmlElement, list: string, element: string): XmlElement[] {
  const parent = childNamed(request, list)
  return parent ? elementsOf(parent).filter((child) => child.name === element) : []
}

function textIn(element: XmlElement, name: string): string {
  const child = childNamed(element, name)
  return child ? textOf(child).trim() : ''
}

function envelope(operation: string, inner: string): string {
  const { major, minor, build, revision } = serverBuild
  const version =
    `<h:ServerVersionInfo xmlns:h="${namespace}"><h:MajorVersion>${major}</h:MajorVersion><h:MinorVersion>${minor}</h:MinorVersion>` +
    `<h:MajorBuildNumber>${build}</h:MajorBuildNumber><h:MinorBuildNumber>${revision}</h:MinorBuildNumber><h:Version>Exchange2016</h:Version></h:ServerVersionInfo>`
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}"><s:Header>` +
    `<a:Action s:mustUnderstand="1">${namespace}/Autodiscover/${operation}Response</a:Action>${version}</s:Header><s:Body>` +
    `<${operation}ResponseMessage xmlns="${namespace}"><Response xmlns:i="${instance}">${inner}</Response></${operation}ResponseMessage></s:Body></s:Envelope>`
  )
}

function fault(code: string, text: string): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}"><s:Body><s:Fault>` +
    `<faultcode>${code}</faultcode><faultstring xml:lang="en-US">${escapeText(text)}</faultstring></s:Fault></s:Body></s:Envelope>`
  )
}

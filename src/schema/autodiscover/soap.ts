import { Refusal } from '#model'
import { childNamed, elementsOf, type XmlElement } from '#wire'
import { byType, int, nullable, operation, optional, string, typesIn, type Codec, type Fields, type Infer } from '../kernel/index.ts'

/** [MS-OXWSADISC] 2.2: the one namespace of SOAP Autodiscover. It is the default namespace of what is written. */
export const autodiscoverUri = 'http://schemas.microsoft.com/exchange/2010/Autodiscover'
const a = typesIn('', autodiscoverUri)

const outcome = { ErrorCode: optional(string), ErrorMessage: optional(string) }
const Version = optional(string)
const settingError = a.record({ ...outcome, SettingName: string })
const Settings = a.list('Setting', string)

/** [MS-OXWSADISC] 2.2.4.37 UserSetting and what extends it. */
export const UserSetting = byType({
  StringSetting: a.record({ Name: string, Value: string }),
  WebClientUrlCollectionSetting: a.record({
    Name: string,
    WebClientUrls: a.list('WebClientUrl', a.record({ AuthenticationMethods: string, Url: string })),
  }),
  ProtocolConnectionCollectionSetting: a.record({
    Name: string,
    ProtocolConnections: a.list('ProtocolConnection', a.record({ EncryptionMethod: string, Hostname: string, Port: int })),
  }),
  AlternateMailboxCollectionSetting: a.record({
    Name: string,
    AlternateMailboxes: a.list(
      'AlternateMailbox',
      a.record({
        DisplayName: string,
        LegacyDN: optional(string),
        OwnerSmtpAddress: optional(string),
        Server: optional(string),
        SmtpAddress: optional(string),
        Type: string,
      }),
    ),
  }),
  DocumentSharingLocationCollectionSetting: a.record({
    Name: string,
    DocumentSharingLocations: a.list('DocumentSharingLocation', a.record({ DisplayName: string, ServiceUrl: string, LocationUrl: string })),
  }),
})
export type UserSetting = Infer<typeof UserSetting>

const UserResponse = a.record({
  ...outcome,
  RedirectTarget: optional(nullable(string)),
  UserSettingErrors: optional(nullable(a.list('UserSettingError', settingError))),
  UserSettings: optional(nullable(a.list('UserSetting', UserSetting))),
})
const DomainSetting = byType({ DomainStringSetting: a.record({ Name: string, Value: string }) })
const DomainResponse = a.record({
  ...outcome,
  DomainSettingErrors: optional(nullable(a.list('DomainSettingError', settingError))),
  DomainSettings: optional(nullable(a.list('DomainSetting', DomainSetting))),
  RedirectTarget: optional(nullable(string)),
})

/** Both messages wrap their content in one more element, Request or Response. */
function wrapped<const N extends 'Request' | 'Response', const F extends Fields>(name: N, fields: F) {
  return a.record({ [name]: a.record(fields) } as Record<N, ReturnType<typeof a.record<F>>>)
}

export const GetUserSettings = operation('GetUserSettings', '[MS-OXWSADISC] 3.1.4.2', {
  request: wrapped('Request', {
    Users: a.list('User', a.record({ Mailbox: string })),
    RequestedSettings: Settings,
    RequestedVersion: Version,
  }),
  response: wrapped('Response', { ...outcome, UserResponses: optional(a.list('UserResponse', UserResponse)) }),
})

export const GetDomainSettings = operation('GetDomainSettings', '[MS-OXWSADISC] 3.1.4.1', {
  request: wrapped('Request', { Domains: a.list('Domain', string), RequestedSettings: Settings, RequestedVersion: Version }),
  response: wrapped('Response', { ...outcome, DomainResponses: optional(a.list('DomainResponse', DomainResponse)) }),
})

/** How the organisation of a domain is federated; asked without signing in. */
export const GetFederationInformation = operation('GetFederationInformation', '[MS-OXWSADISC] 3.1.4.3', {
  request: wrapped('Request', { Domain: string }),
  response: wrapped('Response', {
    ...outcome,
    ApplicationUri: optional(nullable(string)),
    Domains: optional(nullable(a.list('Domain', string))),
    TokenIssuers: optional(nullable(a.list('TokenIssuer', a.record({ Uri: string, Endpoint: optional(string) })))),
  }),
})

/** The elements of an operation: `GetUserSettingsRequestMessage`, `GetUserSettingsResponseMessage`. */
export const requestElement = (name: string): string => `${name}RequestMessage`
export const responseElement = (name: string): string => `${name}ResponseMessage`

const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
const addressing = 'http://www.w3.org/2005/08/addressing'

/** The message in a SOAP Autodiscover envelope. Refuses InvalidRequest for what is not one. */
export function readAutodiscoverEnvelope(root: XmlElement): XmlElement {
  const body = root.name === 'Envelope' ? childNamed(root, 'Body') : undefined
  const [message, second] = body ? elementsOf(body) : []
  if (!message || second || message.namespace !== autodiscoverUri) {
    throw new Refusal('InvalidRequest', 'The request is not a SOAP Autodiscover envelope.', { line: root.line, column: root.column })
  }
  return message
}

/** A request as a client sends it ([MS-OXWSADISC] 2.2.3: action, version and server address stand in the header). */
export function writeAutodiscoverRequest<T>(
  { name, request }: { name: string; request: Codec<T> },
  value: T,
  { to, version = 'Exchange2013' }: { to: string; version?: string },
): string {
  const address = to.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const message = request.write(requestElement(name), value, { dateTime: String })
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}" xmlns:w="${addressing}"><s:Header>` +
    `<RequestedServerVersion xmlns="${autodiscoverUri}">${version}</RequestedServerVersion>` +
    `<w:Action>${autodiscoverUri}/Autodiscover/${name}</w:Action><w:To>${address}</w:To></s:Header>` +
    `<s:Body>${message.replace(/^<([A-Za-z]+)/, `<$1 xmlns="${autodiscoverUri}"`)}</s:Body></s:Envelope>`
  )
}

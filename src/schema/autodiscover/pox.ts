import { Refusal } from '#model'
import { childNamed, elementsOf, type XmlElement } from '#wire'
import {
  attribute, choice, int, optional, repeated, string, treeIn, typesIn,
  type Codec, type Infer, type ReadContext, type WriteContext,
} from '../kernel/index.ts' // prettier-ignore

/** The schemas of plain XML Autodiscover ([MS-OXDSCLI] 2.2.3, [MS-ASCMD] 2.2.1.1). */
export const poxSchemas = {
  outlookRequest: 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006',
  mobileRequest: 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006',
  response: 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006',
  outlookResponse: 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
  mobileResponse: 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006',
} as const

const request = typesIn('', poxSchemas.outlookRequest, [poxSchemas.mobileRequest])
const outlook = typesIn('', poxSchemas.outlookResponse)
const mobile = typesIn('', poxSchemas.mobileResponse)
const plain = typesIn('', poxSchemas.response, [''])

const RequestElement = request.record({
  EMailAddress: optional(string),
  LegacyDN: optional(string),
  AcceptableResponseSchema: optional(string),
})
export type PoxRequest = Infer<typeof RequestElement>

const text = optional(string)
/** [MS-OXDSCLI] 2.2.4.1.1.2.6 Protocol: how to reach one service. */
const Protocol = outlook.record({
  Type: text, Server: text, Port: optional(int), LoginName: text, SPA: text, ServerDN: text, ServerVersion: text, MdbDN: text,
  PublicFolderServer: text, AD: text, ServerExclusiveConnect: text, SSL: text, AuthPackage: text, CertPrincipalName: text,
  ASUrl: text, EwsUrl: text, EmwsUrl: text, SharingUrl: text, EcpUrl: text, OOFUrl: text, UMUrl: text, OABUrl: text,
  GroupingInformation: text, TTL: text,
  Internal: optional(treeIn('', 'Internal')), External: optional(treeIn('', 'External')), MailStore: optional(treeIn('', 'MailStore')), AddressBook: optional(treeIn('', 'AddressBook')),
}) // prettier-ignore
const AlternativeMailbox = outlook.record({
  Type: text, DisplayName: text, LegacyDN: text, Server: text, SmtpAddress: text, OwnerSmtpAddress: text,
}) // prettier-ignore

/** [MS-OXDSCLI] 2.2.4.1.1. */
const OutlookResponse = outlook.record({
  User: optional(
    outlook.record({ DisplayName: text, LegacyDN: text, AutoDiscoverSMTPAddress: text, DeploymentId: text, DefaultABView: text }),
  ),
  Account: outlook.record({
    AccountType: text,
    Action: text,
    MicrosoftOnline: text,
    ConsumerMailbox: text,
    RedirectAddr: text,
    RedirectUrl: text,
    Image: text,
    ServiceHome: text,
    Protocol: optional(repeated(Protocol)),
    AlternativeMailbox: optional(repeated(AlternativeMailbox)),
    PublicFolderInformation: optional(outlook.record({ SmtpAddress: string })),
  }),
})
export type OutlookResponse = Infer<typeof OutlookResponse>

/** [MS-ASCMD] 2.2.1.1: where ActiveSync is, or where to ask instead. */
const MobileResponse = mobile.record({
  Culture: text,
  User: optional(mobile.record({ DisplayName: text, EMailAddress: text })),
  Action: mobile.record({
    Action: choice({
      Redirect: string,
      Settings: mobile.record({
        Server: repeated(mobile.record({ Type: string, Url: text, Name: text, ServerData: text })),
      }),
      Error: mobile.record({ Status: optional(int), Message: text, DebugData: text, ErrorCode: optional(int) }),
    }),
  }),
})
export type MobileResponse = Infer<typeof MobileResponse>

/** [MS-OXDSCLI] 2.2.4.1.2: 500 unknown address, 600 invalid request, 601 schema not given. */
const ErrorResponse = plain.record({
  Error: plain.record({
    ErrorCode: int,
    Message: string,
    DebugData: text,
    Time: optional(attribute(string)),
    Id: optional(attribute(string)),
  }),
})

export type PoxResponse =
  { is: 'outlook'; value: OutlookResponse } | { is: 'mobile'; value: MobileResponse } | { is: 'error'; value: Infer<typeof ErrorResponse> }

const responses = {
  outlook: { uri: poxSchemas.outlookResponse, codec: OutlookResponse as Codec<unknown> },
  mobile: { uri: poxSchemas.mobileResponse, codec: MobileResponse as Codec<unknown> },
  error: { uri: '', codec: ErrorResponse as Codec<unknown> },
}

/** The one request of a document. Refuses InvalidRequest for none, for several, and for another schema (the answer is 600). */
export function readPoxRequest(root: XmlElement, context: ReadContext): PoxRequest {
  const requests = elementsOf(root).filter(({ name }) => name === 'Request')
  const [first, second] = requests
  if (root.name !== 'Autodiscover' || !first || second || !request.namespace.has(first.namespace)) {
    throw new Refusal('InvalidRequest', 'The request is not one Autodiscover request.', { line: root.line, column: root.column })
  }
  return RequestElement.read(first, { ...context, unknownElements: 'skip' })
}

export function writePoxRequest(value: PoxRequest, schema: 'outlookRequest' | 'mobileRequest', context: WriteContext): string {
  return document(poxSchemas[schema], RequestElement.write('Request', value, context))
}

/** An answer; each kind has its namespace on the Response element. */
export function writePoxResponse({ is, value }: PoxResponse, context: WriteContext): string {
  const { uri, codec } = responses[is]
  const xml = codec.write('Response', value, context)
  return document(poxSchemas.response, uri ? xml.replace('<Response', `<Response xmlns="${uri}"`) : xml)
}

export function readPoxResponse(root: XmlElement, context: ReadContext): PoxResponse {
  const response = childNamed(root, 'Response')
  if (root.name !== 'Autodiscover' || !response) throw new Refusal('InvalidRequest', 'The answer is not an Autodiscover response.')
  const lenient: ReadContext = { ...context, unknownElements: 'skip' }
  if (childNamed(response, 'Error')) return { is: 'error', value: ErrorResponse.read(response, lenient) }
  if (response.namespace === poxSchemas.mobileResponse) return { is: 'mobile', value: MobileResponse.read(response, lenient) }
  return { is: 'outlook', value: OutlookResponse.read(response, lenient) }
}

function document(uri: string, inner: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${uri}">${inner}</Autodiscover>`
}

/** For tests and documentation: the tables behind the functions. */
export const poxTables = { request: RequestElement, outlook: OutlookResponse, mobile: MobileResponse, error: ErrorResponse }

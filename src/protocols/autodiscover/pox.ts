import { Refusal, type Caller } from '#model'
import type { Directory, Recipient } from '#directory'
import { childNamed, elementsOf, readXml, textElement, textOf, type XmlElement } from '#wire'
import { packedVersion, type Endpoints } from './endpoints.ts'
import { lookUp, type Person } from './look-up.ts'

const responses = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
const outlookSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'
const mobileSchema = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'
const requestSchemas = new Set([
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006',
  'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006',
])

/** [MS-OXDSCLI] 2.2.4.1.2.1: codes of the error answer. */
const errors = { 500: "The email address can't be found.", 600: 'Invalid Request', 601: 'Provider is not available' } as const
type ErrorCode = keyof typeof errors

export interface PoxAnswer {
  xml: string
  /** For the log: `Outlook`, `MobileSync` or the error code. */
  outcome: string
}

interface PoxRequest {
  identity: string
  schema: string
}

/**
 * Answers a plain XML request ([MS-OXDSCLI] 2.2.3 and [MS-ASCMD] 2.2.1.1). Every mistake is an answer: 600 for a request
 * that cannot be understood, 601 for a schema we do not give, 500 for an address we do not know.
 */
export async function answerPox(
  { directory, endpoints, now }: { directory: Directory; endpoints: Endpoints; now: Date },
  caller: Caller,
  body: Uint8Array,
): Promise<PoxAnswer> {
  const request = readRequest(body)
  if (typeof request === 'number') return errorAnswer(request, now)
  if (request.schema !== outlookSchema && request.schema !== mobileSchema) return errorAnswer(601, now)
  const found = await lookUp(directory, caller, request.identity)
  if ('unknown' in found) return errorAnswer(500, now)
  if (request.schema === mobileSchema) {
    return {
      xml: envelope(mobileSchema, 'redirectTo' in found ? mobileRedirect(found.redirectTo) : mobile(found.person, endpoints)),
      outcome: 'ok',
    }
  }
  if ('redirectTo' in found) return { xml: envelope(outlookSchema, outlookRedirect(found.redirectTo)), outcome: 'ok' }
  return { xml: envelope(outlookSchema, outlook(found.person, endpoints)), outcome: 'ok' }
}

function readRequest(body: Uint8Array): PoxRequest | ErrorCode {
  let root: XmlElement
  try {
    root = readXml(body, { size: 256 * 1024, depth: 20 })
  } catch (error) {
    if (error instanceof Refusal) return 600
    throw error
  }
  const requests = elementsOf(root).filter((element) => element.name === 'Request')
  const [request] = requests
  if (root.name !== 'Autodiscover' || !request || requests.length !== 1 || !requestSchemas.has(request.namespace)) return 600
  const text = (name: string) => {
    const element = childNamed(request, name)
    return element ? textOf(element).trim() : ''
  }
  const identity = text('EMailAddress') || text('LegacyDN')
  const schema = text('AcceptableResponseSchema')
  return identity && schema && identity.length <= 1000 ? { identity, schema } : 600
}

function errorAnswer(code: ErrorCode, now: Date): PoxAnswer {
  const time = now.toISOString().slice(11, 23)
  const id = (now.getTime() % 4_000_000_000).toFixed(0)
  const error = `<Error Time="${time}" Id="${id}"><ErrorCode>${code}</ErrorCode><Message>${errors[code]}</Message><DebugData/></Error>`
  return { xml: envelope('', error), outcome: String(code) }
}

function envelope(namespace: string, inner: string): string {
  const own = namespace ? ` xmlns="${namespace}"` : ''
  return `<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="${responses}"><Response${own}>${inner}</Response></Autodiscover>`
}

function mobile({ recipient }: Person, { activeSync }: Endpoints): string {
  const server = textElement('Type', 'MobileSync') + textElement('Url', activeSync) + textElement('Name', activeSync)
  return `${textElement('Culture', 'en:us')}${mobileUser(recipient)}<Action><Settings><Server>${server}</Server></Settings></Action>`
}

const mobileUser = ({ displayName, address }: Recipient) =>
  `<User>${textElement('DisplayName', displayName)}${textElement('EMailAddress', address)}</User>`

const mobileRedirect = (address: string) => `${textElement('Culture', 'en:us')}<Action>${textElement('Redirect', address)}</Action>`

const outlookRedirect = (address: string) =>
  `<Account>${textElement('AccountType', 'email')}${textElement('Action', 'redirectAddr')}${textElement('RedirectAddr', address)}</Account>`

/** [MS-OXDSCLI] 2.2.4.1.1: the user, then one Protocol for inside (EXCH), outside (EXPR) and by HTTP alone (EXHTTP). */
function outlook({ recipient, alternates }: Person, endpoints: Endpoints): string {
  const user =
    textElement('DisplayName', recipient.displayName) +
    textElement('LegacyDN', recipient.legacyExchangeDn) +
    textElement('AutoDiscoverSMTPAddress', recipient.address) +
    textElement('DeploymentId', recipient.organisation)
  const protocols = (['EXCH', 'EXPR', 'EXHTTP'] as const).map((type) => protocol(type, recipient, endpoints)).join('')
  const others = alternates.map(alternateMailbox).join('')
  const account = `${textElement('AccountType', 'email')}${textElement('Action', 'settings')}${textElement('MicrosoftOnline', 'False')}`
  return `<User>${user}</User><Account>${account}${protocols}${others}</Account>`
}

function protocol(type: 'EXCH' | 'EXPR' | 'EXHTTP', recipient: Recipient, { base, ews }: Endpoints): string {
  const url = new URL(base)
  const serverDn = `${recipient.legacyExchangeDn.split('/cn=Recipients')[0]}/cn=Configuration/cn=Servers/cn=${url.hostname}`
  const secure = url.protocol === 'https:' ? 'On' : 'Off'
  const rpc = type === 'EXCH' ? textElement('ServerDN', serverDn) : ''
  const outside = type === 'EXCH' ? '' : textElement('SSL', secure) + textElement('AuthPackage', 'Basic')
  return (
    `<Protocol>${textElement('Type', type)}${textElement('Server', url.hostname)}${rpc}${textElement('ServerVersion', packedVersion())}` +
    (type === 'EXCH' ? textElement('MdbDN', `${serverDn}/cn=Microsoft Private MDB`) : '') +
    `${outside}${textElement('ASUrl', ews)}${textElement('EwsUrl', ews)}${textElement('OOFUrl', ews)}</Protocol>`
  )
}

/** [MS-OXDSCLI] 2.2.4.1.1.2.3: a mailbox the client should open beside the own one. */
function alternateMailbox(recipient: Recipient): string {
  return (
    `<AlternativeMailbox>${textElement('Type', 'Delegate')}${textElement('DisplayName', recipient.displayName)}` +
    `${textElement('SmtpAddress', recipient.address)}${textElement('OwnerSmtpAddress', recipient.address)}</AlternativeMailbox>`
  )
}

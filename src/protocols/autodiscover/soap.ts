import { Refusal, serverVersion, type Caller } from '#model'
import {
  autodiscoverResponseElement, autodiscoverUri, GetDomainSettings, GetFederationInformation, GetUserSettings, readAutodiscoverEnvelope, utcSeconds,
  type Infer, type Operation,
} from '#schema' // prettier-ignore
import type { Configuration, Directory } from '#directory'
import { escapeText, readXml, type XmlElement } from '#wire'
import type { Endpoints } from './endpoints.ts'
import { lookUp, type Lookup } from './look-up.ts'
import { readContext } from './read-context.ts'
import { domainSettings, userSettings } from './user-settings.ts'

const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
const addressing = 'http://www.w3.org/2005/08/addressing'
/** Users or domains of one request; the server may limit them ([MS-OXWSADISC] 3.1.4). */
const mostAsked = 100

interface Deps {
  directory: Directory
  configuration: Pick<Configuration, 'get' | 'find'>
  endpoints: Endpoints
  /** Absent for who has not signed in: then only what is for everybody is answered. */
  caller: Caller | undefined
}
type SignedIn = Deps & { caller: Caller }
export interface SoapAnswer {
  xml: string
  operation: string
  outcome: string
}

type UserAnswer = Infer<typeof GetUserSettings.response>['Response']
type DomainAnswer = Infer<typeof GetDomainSettings.response>['Response']
type FederationAnswer = Infer<typeof GetFederationInformation.response>['Response']

type Answering = (deps: Deps, message: XmlElement) => Promise<{ xml: string; outcome: string }>

/** Reads, answers and writes one operation; a request that breaks its schema is answered, not a fault. */
function answering<Q, R extends { ErrorCode?: string; ErrorMessage?: string }>(
  operation: Operation<Q, { Response: R | typeof invalid }>,
  answer: (deps: Deps, request: Q) => Promise<R | typeof invalid>,
): Answering {
  return async (deps, message) => {
    try {
      return written(operation, await answer(deps, operation.request.read(message, readContext)))
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'Unauthenticated') throw error
      return written(operation, refused(error.message))
    }
  }
}

const forSignedIn =
  <Q, A>(answer: (deps: SignedIn, request: Q) => Promise<A>) =>
  (deps: Deps, request: Q): Promise<A> => {
    if (!deps.caller) throw new Refusal('Unauthenticated', 'Sign in.')
    return answer({ ...deps, caller: deps.caller }, request)
  }

/** One row an operation. */
const operations = new Map<string, Answering>([
  ['GetUserSettings', answering(GetUserSettings, forSignedIn(answerUsers))],
  ['GetDomainSettings', answering(GetDomainSettings, forSignedIn(answerDomains))],
  ['GetFederationInformation', answering(GetFederationInformation, answerFederation)],
])

/**
 * Answers a SOAP request ([MS-OXWSADISC] 3.1.4). Errors of a user, domain or setting stand beside it; those of the
 * request stand in the response; only what cannot be read, or an operation that is not there, is a fault.
 */
export async function answerSoap(deps: Deps, body: Uint8Array): Promise<SoapAnswer> {
  try {
    const message = readAutodiscoverEnvelope(readXml(body, { size: 1024 * 1024, depth: 30 }))
    const operation = message.name.replace(/RequestMessage$/, '').slice(0, 100)
    const answer = operations.get(operation)
    if (!answer) {
      const xml = fault('a:ActionNotSupported', `The operation ${operation} is not available here.`)
      return { xml, operation: 'unknown', outcome: 'UnknownOperation' }
    }
    return { operation, ...(await answer(deps, message)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { xml: soapFault(error.message), operation: 'unknown', outcome: error.code }
  }
}

/** The fault for what goes wrong before a request is looked at. */
export function soapFault(text: string): string {
  return fault('s:Client', text)
}

const invalid = { ErrorCode: 'InvalidRequest', ErrorMessage: '' }
const refused = (ErrorMessage: string) => ({ ...invalid, ErrorMessage })

/** What is wrong with how much was asked for; the answer of the whole request. */
function problem(what: string, asked: readonly unknown[], settings: readonly unknown[]) {
  if (asked.length === 0) return refused(`At least one ${what} has to be named.`)
  if (asked.length > mostAsked) return refused(`At most ${mostAsked} of them can be asked for at once.`)
  return settings.length === 0 ? refused('At least one setting has to be requested.') : undefined
}

/** [MS-OXWSADISC] 3.1.4.2 GetUserSettings. */
async function answerUsers(
  { directory, caller, endpoints }: SignedIn,
  { Request: { Users, RequestedSettings } }: Infer<typeof GetUserSettings.request>,
): Promise<UserAnswer> {
  const wrong = problem('user', Users, RequestedSettings)
  if (wrong) return wrong
  const UserResponses = []
  // Servers of other organisations may reach this one by other names.
  const shown = caller.via ? { ...endpoints, ...endpoints.partner } : endpoints
  const settings = caller.kind === 'partner' ? RequestedSettings.filter((name) => forPartners.has(name)) : RequestedSettings
  for (const { Mailbox } of Users) UserResponses.push(userResponse(await lookUp(directory, caller, Mailbox.trim()), settings, shown))
  return { ErrorCode: 'NoError', ErrorMessage: '', UserResponses }
}

/** What another organisation may know of a person here: where their mailbox is asked. */
const forPartners = new Set(['ExternalEwsUrl', 'ExternalEwsVersion', 'InteropExternalEwsUrl', 'InteropExternalEwsVersion'])

/** [MS-OXWSADISC] 3.1.4.3 GetFederationInformation: how the organisation of a domain is federated; for everybody. */
async function answerFederation(
  { directory, configuration }: Deps,
  { Request: { Domain } }: Infer<typeof GetFederationInformation.request>,
): Promise<FederationAnswer> {
  const domain = await directory.acceptedDomain(Domain.trim())
  if (!domain) return { ErrorCode: 'InvalidDomain', ErrorMessage: foreign }
  const identifier = await configuration.get(domain.organisation, 'FederatedOrganizationIdentifier')
  const trust = identifier.DelegationTrustLink
    ? await configuration.find(domain.organisation, 'FederationTrust', identifier.DelegationTrustLink)
    : undefined
  if (!trust || !identifier.Enabled || !identifier.Domains.includes(domain.domain)) {
    return { ErrorCode: 'NotFederated', ErrorMessage: 'The organisation is not federated for this domain.' }
  }
  return {
    ErrorCode: 'NoError',
    ErrorMessage: '',
    ApplicationUri: trust.ApplicationUri,
    Domains: identifier.Domains,
    TokenIssuers: [{ Uri: trust.TokenIssuerUri, ...(trust.TokenIssuerEpr ? { Endpoint: trust.TokenIssuerEpr } : {}) }],
  }
}

type UserResponse = NonNullable<UserAnswer['UserResponses']>[number]

function userResponse(found: Lookup, settings: readonly string[], endpoints: Endpoints): UserResponse {
  const answer = (ErrorCode: string, ErrorMessage: string, RedirectTarget: string | null = null): UserResponse => ({
    ErrorCode,
    ErrorMessage,
    RedirectTarget,
    UserSettingErrors: [],
    UserSettings: [],
  })
  if ('redirectTo' in found) return answer('RedirectAddress', 'The mailbox is elsewhere.', found.redirectTo)
  if ('unknown' in found)
    return found.unknown === 'user' ? answer('InvalidUser', 'There is no such user.') : answer('InvalidDomain', foreign)
  const UserSettings = []
  const UserSettingErrors = []
  for (const name of new Set(settings)) {
    const setting = userSettings.get(name)?.(found.person, endpoints)
    if (setting) UserSettings.push(setting)
    else UserSettingErrors.push(notAvailable(name))
  }
  return { ...answer('NoError', 'No error.'), UserSettingErrors, UserSettings }
}

/** [MS-OXWSADISC] 3.1.4.1 GetDomainSettings. */
async function answerDomains(
  { directory, caller, endpoints }: SignedIn,
  { Request: { Domains, RequestedSettings } }: Infer<typeof GetDomainSettings.request>,
): Promise<DomainAnswer> {
  const wrong = problem('domain', Domains, RequestedSettings)
  if (wrong) return wrong
  const DomainResponses = []
  for (const name of Domains) {
    const domain = await directory.acceptedDomain(name.trim())
    DomainResponses.push(domain?.organisation === caller.organisation ? domainResponse(RequestedSettings, endpoints) : unknownDomain)
  }
  return { ErrorCode: 'NoError', ErrorMessage: '', DomainResponses }
}

type DomainResponse = NonNullable<DomainAnswer['DomainResponses']>[number]

function domainResponse(settings: readonly string[], endpoints: Endpoints): DomainResponse {
  const DomainSettings: NonNullable<DomainResponse['DomainSettings']> = []
  const DomainSettingErrors = []
  for (const Name of new Set(settings)) {
    const give = domainSettings.get(Name)
    if (give) DomainSettings.push({ is: 'DomainStringSetting', value: { Name, Value: give(endpoints) } })
    else DomainSettingErrors.push(notAvailable(Name))
  }
  return { ErrorCode: 'NoError', ErrorMessage: 'No error.', DomainSettingErrors, DomainSettings, RedirectTarget: null }
}

const foreign = 'The domain is not one of this organisation.'
const unknownDomain: DomainResponse = {
  ErrorCode: 'InvalidDomain',
  ErrorMessage: foreign,
  DomainSettingErrors: [],
  DomainSettings: [],
  RedirectTarget: null,
}

const notAvailable = (name: string) => ({
  ErrorCode: 'SettingIsNotAvailable',
  ErrorMessage: 'The setting is not available.',
  SettingName: name.slice(0, 200),
})

function written<T extends { ErrorCode?: string }>(
  { name, response }: Pick<Operation<unknown, { Response: T }>, 'name' | 'response'>,
  answer: T,
) {
  const element = autodiscoverResponseElement(name)
  const xml = response.write(element, { Response: answer }, { dateTime: utcSeconds })
  const outcome = answer.ErrorCode === 'NoError' || answer.ErrorCode === undefined ? 'ok' : answer.ErrorCode
  return { xml: envelope(name, xml.replace(`<${element}`, `<${element} xmlns="${autodiscoverUri}"`)), outcome }
}

function envelope(operation: string, message: string): string {
  const { major, minor, majorBuild, minorBuild, version: schema } = serverVersion
  const version =
    `<h:ServerVersionInfo xmlns:h="${autodiscoverUri}"><h:MajorVersion>${major}</h:MajorVersion><h:MinorVersion>${minor}</h:MinorVersion>` +
    `<h:MajorBuildNumber>${majorBuild}</h:MajorBuildNumber><h:MinorBuildNumber>${minorBuild}</h:MinorBuildNumber><h:Version>${schema}</h:Version></h:ServerVersionInfo>`
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}"><s:Header>` +
    `<a:Action s:mustUnderstand="1">${autodiscoverUri}/Autodiscover/${operation}Response</a:Action>${version}</s:Header>` +
    `<s:Body>${message}</s:Body></s:Envelope>`
  )
}

function fault(code: string, text: string): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}"><s:Body><s:Fault>` +
    `<faultcode>${code}</faultcode><faultstring xml:lang="en-US">${escapeText(text)}</faultstring></s:Fault></s:Body></s:Envelope>`
  )
}

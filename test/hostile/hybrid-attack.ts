/** Requests to the sites of a hybrid as an attacker makes them: any header, any token, over TLS. */
import { request as httpsRequest } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import type { Site } from '#server'
import { authorityOrganisation, exchangeApplication, issuerApplication, makeSelfIssued, makeUserToken, type KeyPair } from '#trust'
import { names, type HybridSites } from '../support/hybrid-sites.ts'
import { headerOf, seconds, signedToken, type Json } from '../trust/server-token-forge.ts'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  /** The values of a header that came in lines of its own. */
  lines(name: string): string[]
  body: string
  ms: number
}

export interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** One request to a site, by the host name in its Host header. */
export function send(site: Site, path: string, { method = 'POST', headers = {}, body = '' }: Sent = {}): Promise<Reply> {
  const started = performance.now()
  const all = { 'content-type': 'text/xml; charset=utf-8', 'content-length': String(Buffer.byteLength(body)), ...headers }
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port: site.ports.https, servername: 'localhost', ca: site.ca, agent: false, path, method, headers: all }) // prettier-ignore
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const raw = response.rawHeaders
        const lines = (name: string) => raw.filter((_, at) => at % 2 === 1 && raw[at - 1]?.toLowerCase() === name)
        const text = Buffer.concat(parts).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, lines, body: text, ms: performance.now() - started })
      })
    })
    request.end(body)
  })
}

export const ewsPath = '/ews/exchange.asmx'
export const soapPath = '/autodiscover/autodiscover.svc'
const autodiscover = 'http://schemas.microsoft.com/exchange/2010/Autodiscover'

export const envelope = (operation: string, soapHeaders = ''): string =>
  '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">' +
  `<s:Header><t:RequestServerVersion Version="Exchange2016"/>${soapHeaders}</s:Header><s:Body>${operation}</s:Body></s:Envelope>`

/** The response codes of an answer, in order. */
export const codesOf = (body: string): string[] => [...body.matchAll(/ResponseCode[^>]*>([A-Za-z]+)</g)].map(([, code = '']) => code)

export const freeBusyOf = (...addresses: string[]): string =>
  '<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime>' +
  '<t:DaylightTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone>' +
  `<m:MailboxDataArray>${addresses.map((one) => `<t:MailboxData><t:Email><t:Address>${one}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>`).join('')}</m:MailboxDataArray>` +
  '<t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2030-01-07T08:00:00</t:StartTime><t:EndTime>2030-01-07T18:00:00</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>30</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>DetailedMerged</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>'

export const mailTipsOf = (address: string): string =>
  `<m:GetMailTips><m:SendingAs><t:EmailAddress>mary@contoso.com</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType></m:SendingAs><m:Recipients><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></m:Recipients><m:MailTipsRequested>All</m:MailTipsRequested></m:GetMailTips>`

const soapMessage = (operation: string, request: string) =>
  `<a:${operation}RequestMessage xmlns:a="${autodiscover}"><a:Request>${request}</a:Request></a:${operation}RequestMessage>`
export const userSettings = (address: string, ...settings: string[]): string =>
  soapMessage('GetUserSettings', `<a:Users><a:User><a:Mailbox>${address}</a:Mailbox></a:User></a:Users><a:RequestedSettings>${settings.map((one) => `<a:Setting>${one}</a:Setting>`).join('')}</a:RequestedSettings>`) // prettier-ignore
export const domainSettings = (domain: string): string =>
  soapMessage('GetDomainSettings', `<a:Domains><a:Domain>${domain}</a:Domain></a:Domains><a:RequestedSettings><a:Setting>ExternalEwsUrl</a:Setting></a:RequestedSettings>`) // prettier-ignore
export const federationInformation = (domain: string): string => soapMessage('GetFederationInformation', `<a:Domain>${domain}</a:Domain>`)
export const autodiscoverEnvelope = (operation: string, message: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:a="${autodiscover}"><s:Header><a:RequestedServerVersion>Exchange2013</a:RequestedServerVersion>` +
  `<w:Action s:mustUnderstand="1">${autodiscover}/Autodiscover/${operation}</w:Action><w:To s:mustUnderstand="1">https://${names.online.mail}${soapPath}</w:To></s:Header><s:Body>${message}</s:Body></s:Envelope>`

/** The key by which the auth service signs: what a token needs to be believed anywhere. */
export async function issuerKey({ auth }: HybridSites): Promise<KeyPair> {
  return currentKey(auth, authorityOrganisation)
}
export async function currentKey(site: Site, organisation: string): Promise<KeyPair> {
  const { CurrentCertificateThumbprint } = await site.configuration.get(organisation, 'AuthConfig')
  return site.keyRing.pair(organisation, CurrentCertificateThumbprint)
}

/** What on-premises says of itself to the auth service. */
export async function ownAssertion({ onPremises, online, clock }: HybridSites, realm = online.organisation.id): Promise<string> {
  return makeSelfIssued({
    key: await currentKey(onPremises, onPremises.organisation.id),
    issuer: { application: exchangeApplication, realm },
    audience: { application: issuerApplication, host: names.auth, realm },
    now: Date.now() + clock.skew,
  })
}

/** Asks the auth service as on-premises does. */
export async function askToken(sites: HybridSites, resource: string, more: Record<string, string> = {}): Promise<Reply & { json: Json }> {
  const realm = sites.online.organisation.id
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const body = new URLSearchParams({ grant_type, assertion: await ownAssertion(sites), resource, realm, ...more }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const reply = await send(sites.auth, `/${realm}/tokens/OAuth/2`, { headers, body })
  return { ...reply, json: JSON.parse(reply.body) as Json }
}

/** An honest token of on-premises for a host, and the same for a person. */
export async function appToken(sites: HybridSites, host = names.online.mail): Promise<string> {
  const { json, body } = await askToken(sites, `https://${host}/`)
  if (typeof json.access_token !== 'string') throw new Error(body)
  return json.access_token
}
export const forPerson = (actor: string, address: string, userPrincipalName = address): string =>
  makeUserToken(actor, { address, userPrincipalName })

/** An actor token as the auth service would sign it, with changed claims. */
export async function forgedToken(sites: HybridSites, more: Json = {}, header: Json = {}, key?: KeyPair): Promise<string> {
  const issuer = await issuerKey(sites)
  const realm = sites.online.organisation.id
  const at = Date.now() + sites.clock.skew
  const claims = {
    aud: `${exchangeApplication}/${names.online.mail}@${realm}`,
    iss: `${issuerApplication}@${realm}`,
    nbf: String(seconds(at)),
    exp: String(seconds(at + 3_600_000)),
    nameid: `${exchangeApplication}@${realm}`,
    ...more,
  }
  return signedToken(headerOf(issuer, header), claims, (key ?? issuer).privateKey)
}

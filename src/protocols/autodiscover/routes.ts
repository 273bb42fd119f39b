import type { Caller, Instant } from '#model'
import type { Access, FederatedRequests, HttpReply, HttpRequest, HttpRoute } from '#access'
import type { Configuration, Directory } from '#directory'
import { SecurityFailure, securityFault } from '#trust'
import type { Endpoints } from './endpoints.ts'
import { answerJson } from './json.ts'
import { answerPox } from './pox.ts'
import { answerSoap, soapFault } from './soap.ts'

/** What clients look for on a GET, signed in or not, to learn which of the services there are. */
const enabled = { 'x-soap-enabled': 'True', 'x-wssecurity-enabled': 'True', 'x-oauth-enabled': 'True' }

export interface AutodiscoverDeps {
  directory: Directory
  configuration: Pick<Configuration, 'get' | 'find'>
  access: Pick<Access, 'challenges'>
  federatedRequests: FederatedRequests
  /** Asked at each request, because ports may be known late. */
  endpoints: () => Endpoints
  clock: () => Instant
}

/** Autodiscover: plain XML, SOAP and JSON v2. */
export function autodiscoverRoutes(deps: AutodiscoverDeps): HttpRoute[] {
  const { directory, configuration, access, federatedRequests, endpoints, clock } = deps
  const shared = { protocol: 'autodiscover', auth: 'required', maxBody: 1024 * 1024, headers: enabled } as const
  async function pox(request: HttpRequest): Promise<HttpReply> {
    request.log.operation = 'POX'
    const { xml: body, outcome } = await answerPox(
      { directory, endpoints: shownTo(request, endpoints()), now: new Date(clock()) },
      callerOf(request),
      request.body,
    )
    request.log.outcome = outcome
    return xml(body)
  }
  async function soap(request: HttpRequest, caller: Caller | undefined): Promise<HttpReply> {
    // An empty Bearer, or nothing at all, asks how to sign in ([MS-XOAUTH] 4.6).
    if (!caller && (request.headers.authorization !== undefined || request.body.length === 0)) return challenge(request)
    const answer = await answerSoap({ directory, configuration, endpoints: endpoints(), caller }, request.body)
    request.log.operation = answer.operation
    request.log.outcome = answer.outcome
    return answer.outcome === 'Unauthenticated' ? challenge(request) : xml(answer.xml)
  }

  async function challenge({ connection }: HttpRequest): Promise<HttpReply> {
    return {
      status: 401,
      headers: {
        'www-authenticate': await access.challenges('autodiscover', connection ? { connection } : {}),
        'content-type': 'text/plain; charset=utf-8',
      },
      body: 'Sign in.\n',
    }
  }

  /** Who asks stands inside the envelope (source R4(b) steps 4 and 5). */
  async function secured(request: HttpRequest): Promise<HttpReply> {
    try {
      return await soap(request, await federatedRequests.callerOf(request.body, { ...request, protocol: 'autodiscover' }))
    } catch (error) {
      if (!(error instanceof SecurityFailure)) throw error
      request.log.outcome = error.faultcode
      return { ...xml(securityFault(error)), status: 500 }
    }
  }

  return [
    { ...shared, methods: ['GET', 'POST'], path: '/autodiscover/autodiscover.xml', handle: pox },
    {
      ...shared,
      methods: ['POST'],
      path: '/autodiscover/autodiscover.svc',
      // GetFederationInformation is for everybody ([MS-OXWSADISC] 3.1.4.3); the other operations are not.
      auth: 'optional',
      handle: (request) => soap(request, request.caller),
      refuse: (refusal) => xml(soapFault(refusal.message)),
    },
    {
      ...shared,
      methods: ['POST'],
      path: '/autodiscover/autodiscover.svc/wssecurity',
      auth: 'none',
      handle: secured,
      refuse: (refusal) => xml(soapFault(refusal.message)),
    },
    { ...shared, methods: ['GET'], path: '/autodiscover/autodiscover.svc', handle: async () => page },
    jsonRoute('/autodiscover/autodiscover.json/*', endpoints),
  ]
}

/** Servers of other forests say so in their User-Agent, and may reach this site by other names than its people. */
function shownTo({ headers }: HttpRequest, endpoints: Endpoints): Endpoints {
  return /\/CrossForest\//.test(headers['user-agent'] ?? '') ? { ...endpoints, ...endpoints.partner } : endpoints
}

const page: HttpReply = { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Autodiscover\n' }

function jsonRoute(path: string, endpoints: () => Endpoints): HttpRoute {
  const handle = async (request: HttpRequest): Promise<HttpReply> => {
    request.log.operation = 'JSON'
    return answerJson(endpoints(), request.path, request.url.searchParams)
  }
  return { methods: ['GET'], path, protocol: 'autodiscover', auth: 'none', maxBody: 0, handle }
}

function callerOf(request: HttpRequest) {
  if (!request.caller) throw new Error('the listener let somebody in without signing in')
  return request.caller
}

function xml(body: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body }
}

import type { Instant } from '#model'
import type { HttpReply, HttpRequest, HttpRoute } from '#access'
import type { Directory } from '#directory'
import type { Endpoints } from './endpoints.ts'
import { answerJson } from './json.ts'
import { answerPox } from './pox.ts'
import { answerSoap, soapFault } from './soap.ts'

/** What clients look for on a GET, signed in or not, to learn which of the services there are. */
const enabled = { 'x-soap-enabled': 'True', 'x-wssecurity-enabled': 'False', 'x-oauth-enabled': 'False' }

/** Autodiscover: plain XML, SOAP and JSON v2. `endpoints` is asked at each request, because ports may be known late. */
export function autodiscoverRoutes({
  directory,
  endpoints,
  clock,
}: {
  directory: Directory
  endpoints: () => Endpoints
  clock: () => Instant
}): HttpRoute[] {
  const shared = { protocol: 'autodiscover', auth: 'required', maxBody: 1024 * 1024, headers: enabled } as const
  async function pox(request: HttpRequest): Promise<HttpReply> {
    request.log.operation = 'POX'
    const { xml: body, outcome } = await answerPox(
      { directory, endpoints: endpoints(), now: new Date(clock()) },
      callerOf(request),
      request.body,
    )
    request.log.outcome = outcome
    return xml(body)
  }
  return [
    { ...shared, methods: ['GET', 'POST'], path: '/autodiscover/autodiscover.xml', handle: pox },
    {
      ...shared,
      methods: ['POST'],
      path: '/autodiscover/autodiscover.svc',
      async handle(request) {
        const answer = await answerSoap({ directory, endpoints: endpoints(), caller: callerOf(request) }, request.body)
        request.log.operation = answer.operation
        request.log.outcome = answer.outcome
        return xml(answer.xml)
      },
      refuse: (refusal) => xml(soapFault(refusal.message)),
    },
    { ...shared, methods: ['GET'], path: '/autodiscover/autodiscover.svc', handle: async () => page },
    jsonRoute('/autodiscover/autodiscover.json/*', endpoints),
  ]
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

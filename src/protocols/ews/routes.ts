import {
  createBudgets,
  createShares,
  unthrottled,
  type EwsPolicy,
  type Throttling,
  type Access,
  type FederatedRequests,
  type HttpReply,
  type HttpRequest,
  type HttpRoute,
  type ProxyRequests,
  type Throttle,
} from '#access'
import { newGuid, type Directory } from '#directory'
import type { Hybrid } from '#hybrid'
import type { Mailboxes } from '#mailbox'
import { Refusal, type Caller, type Instant } from '#model'
import type { Transport } from '#transport'
import { SecurityFailure, securityFault } from '#trust'
import type { EwsLog, EwsParts } from './context.ts'
import { dispatch, fault } from './dispatch.ts'
import { largestAnswer } from './convert/shape.ts'
import { through, type Gates } from './gates.ts'
import { photoRoute } from './photo-route.ts'
import type { Pushes } from './notify/push/contract.ts'
import { createStreams } from './notify/streams.ts'
import { createSubscriptions } from './notify/subscriptions.ts'

export interface EwsDeps {
  mailboxes: Mailboxes
  directory: Directory
  access: Pick<Access, 'impersonate' | 'managementRoles' | 'stillSignedIn'>
  hybrid: Pick<Hybrid, 'freeBusy' | 'mailTips' | 'suggestions' | 'sharing'>
  proxyRequests: ProxyRequests
  federatedRequests: FederatedRequests
  pushes: Pick<Pushes, 'add' | 'remove'>
  transport: Pick<Transport, 'tracking'>
  /** How much each caller may take; absent = what the site gives anybody. */
  throttling?: Throttling
  /** Sleeps for milliseconds before a request of one who has used up their budget; absent = nobody waits. */
  wait?: (ms: number) => Promise<void>
  /** Which programs the organisation lets in; absent = all. */
  ewsPolicy?: EwsPolicy
  clock: () => Instant
  /** That many random bytes. */
  random: (size: number) => Uint8Array
  log: EwsLog
  limits?: Partial<EwsLimits>
}

export interface EwsLimits {
  /** Bytes of a request. */
  body: number
  subscriptionsPerCaller: number
  subscriptions: number
  streamsPerCaller: number
  /** Requests of one person served at once (Exchange's EwsMaxConcurrency), and how many more may wait their turn. */
  requestsPerCaller: number
  waitingPerCaller: number
  /** Bytes of one answer, roughly. */
  answer: number
  /** Milliseconds after which nothing more of a request is begun: what is left of it answers ErrorTimeoutExpired. */
  time: number
  /** Milliseconds between signs of life of a streaming connection. */
  heartbeat: number
}

const defaults: EwsLimits = {
  body: 64 * 1024 * 1024,
  subscriptionsPerCaller: 5000,
  subscriptions: 100_000,
  streamsPerCaller: 20,
  requestsPerCaller: 27,
  waitingPerCaller: 500,
  answer: largestAnswer,
  time: 120_000,
  heartbeat: 45_000,
}

const page =
  '<!doctype html><html lang="en"><title>Exchange Web Services</title><h1>Exchange Web Services</h1>' +
  '<p>Programs post SOAP requests to this address. There is nothing to see here.</p></html>'

/** A draining server is a 503 to proxies; a throttled caller gets the fault that clients read `BackOffMilliseconds` from. */
function statusOf({ code, kind, detail }: Refusal): number {
  if (code === 'AccessDenied') return 403
  return kind === 'busy' && detail.backOff === undefined ? 503 : 500
}

/** The routes of Exchange Web Services: `/EWS/Exchange.asmx`, in any case. */
export function ewsRoutes({
  random,
  limits,
  mailboxes,
  directory,
  access,
  hybrid,
  proxyRequests,
  federatedRequests,
  pushes,
  transport,
  throttling = async () => unthrottled,
  ewsPolicy = async () => undefined,
  wait = async () => undefined,
  clock,
  log,
}: EwsDeps): HttpRoute[] {
  const { body, subscriptionsPerCaller, subscriptions, streamsPerCaller, answer, time, heartbeat, ...own } = { ...defaults, ...limits }
  const newId = (): string => newGuid(random)
  const parts: EwsParts = {
    mailboxes,
    directory,
    access,
    hybrid,
    proxyRequests,
    pushes,
    tracking: transport.tracking,
    throttling,
    ewsPolicy,
    clock,
    log,
    newId,
    heartbeat,
    largestAnswer: answer,
    longestRequest: time,
    streams: createStreams(streamsPerCaller),
    subscriptions: createSubscriptions({ clock, newId, perCaller: subscriptionsPerCaller, total: subscriptions }),
  }
  const gates: Gates = { shares: createShares(own.requestsPerCaller, own.waitingPerCaller), budgets: createBudgets({ clock, wait }) }
  const route: HttpRoute = {
    methods: ['GET', 'HEAD', 'POST'],
    path: '/ews/exchange.asmx',
    protocol: 'ews',
    auth: 'required',
    maxBody: body,
    admit: (request) => admit(parts, gates, request),
    handle: (request) => handle(parts, gates, request),
    refuse: (refusal) => fault(refusal, statusOf(refusal)),
  }
  // Anonymous at HTTP: who asks stands inside the envelope (source R4(b) step 6).
  const { admit: _, ...anonymous } = route
  const secured: HttpRoute = {
    ...anonymous,
    methods: ['POST'],
    path: '/ews/exchange.asmx/wssecurity',
    auth: 'none',
    maxBody: 1024 * 1024,
    handle: (request) => handleSecured(parts, federatedRequests, gates, request),
  }
  return [route, secured, photoRoute(route, parts, gates), { ...route, path: '/ews/services.wsdl', methods: ['GET', 'HEAD'] }]
}

/** Does the caller's request when it is its turn, and charges it. */
function served(gates: Gates, parts: EwsParts, throttle: Throttle, request: HttpRequest, caller: Caller): Promise<HttpReply> {
  return through(gates, throttle, caller, () => dispatch({ ...parts, throttle }, request, caller))
}

/** Before up to 64 MB are read: who may not use EWS here, or has used up the budget. */
async function admit(parts: EwsParts, { budgets }: Gates, { method, caller, headers }: HttpRequest): Promise<void> {
  if (method !== 'POST' || !caller) return
  await parts.ewsPolicy(caller, headers['user-agent'] ?? '')
  budgets.check(caller, await parts.throttling(caller))
}

async function handleSecured(parts: EwsParts, federated: FederatedRequests, gates: Gates, request: HttpRequest): Promise<HttpReply> {
  try {
    const caller = await federated.callerOf(request.body, { ...request, protocol: 'ews' })
    request.log.caller = caller.address
    return await served(gates, parts, await parts.throttling(caller), request, caller)
  } catch (error) {
    if (!(error instanceof SecurityFailure)) throw error
    request.log.outcome = error.faultcode
    return { status: 500, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: securityFault(error) }
  }
}

async function handle(parts: EwsParts, gates: Gates, request: HttpRequest): Promise<HttpReply> {
  if (request.method === 'POST') {
    const { caller } = request
    if (!caller) throw new Error('the listener let a request through without a caller')
    return served(gates, parts, await parts.throttling(caller), request, caller)
  }
  if (request.path.endsWith('.wsdl') || request.url.search.toLowerCase() === '?wsdl') {
    const refusal = new Refusal(
      'InvalidRequest',
      'The service description is not served; the operations are those of [MS-OXWSCORE] and its kin.',
    )
    return { ...fault(refusal), status: 404 }
  }
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page }
}

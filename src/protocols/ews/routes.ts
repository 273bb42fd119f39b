import {
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
  type Shares,
} from '#access'
import { newGuid, type Directory } from '#directory'
import type { Hybrid } from '#hybrid'
import type { Mailboxes } from '#mailbox'
import { Refusal, type Instant } from '#model'
import type { Transport } from '#transport'
import { SecurityFailure, securityFault } from '#trust'
import type { EwsLog, EwsParts } from './context.ts'
import { dispatch, fault } from './dispatch.ts'
import { largestAnswer } from './convert/shape.ts'
import type { Pushes } from './notify/push/contract.ts'
import { createStreams } from './notify/streams.ts'
import { createSubscriptions } from './notify/subscriptions.ts'

export interface EwsDeps {
  mailboxes: Mailboxes
  directory: Directory
  access: Pick<Access, 'impersonate' | 'managementRoles'>
  hybrid: Pick<Hybrid, 'freeBusy' | 'mailTips' | 'suggestions'>
  proxyRequests: ProxyRequests
  federatedRequests: FederatedRequests
  pushes: Pick<Pushes, 'add' | 'remove'>
  transport: Pick<Transport, 'tracking'>
  /** How much each caller may take; absent = what the site gives anybody. */
  throttling?: Throttling
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
  heartbeat: 45_000,
}

const page =
  '<!doctype html><html lang="en"><title>Exchange Web Services</title><h1>Exchange Web Services</h1>' +
  '<p>Programs post SOAP requests to this address. There is nothing to see here.</p></html>'

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
  clock,
  log,
}: EwsDeps): HttpRoute[] {
  const { body, subscriptionsPerCaller, subscriptions, streamsPerCaller, answer, heartbeat, ...own } = { ...defaults, ...limits }
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
    streams: createStreams(streamsPerCaller),
    subscriptions: createSubscriptions({ clock, newId, perCaller: subscriptionsPerCaller, total: subscriptions }),
  }
  const shares = createShares(own.requestsPerCaller, own.waitingPerCaller)
  const route: HttpRoute = {
    methods: ['GET', 'HEAD', 'POST'],
    path: '/ews/exchange.asmx',
    protocol: 'ews',
    auth: 'required',
    maxBody: body,
    handle: (request) => handle(parts, shares, request),
    refuse: (refusal) => fault(refusal, refusal.kind === 'busy' && refusal.detail.backOff === undefined ? 503 : 500),
  }
  // Anonymous at HTTP: who asks stands inside the envelope (source R4(b) step 6).
  const secured: HttpRoute = {
    ...route,
    methods: ['POST'],
    path: '/ews/exchange.asmx/wssecurity',
    auth: 'none',
    maxBody: 1024 * 1024,
    handle: (request) => handleSecured(parts, federatedRequests, shares, request),
  }
  return [route, secured, { ...route, path: '/ews/services.wsdl', methods: ['GET', 'HEAD'] }]
}

async function handleSecured(parts: EwsParts, federated: FederatedRequests, shares: Shares, request: HttpRequest): Promise<HttpReply> {
  try {
    const caller = await federated.callerOf(request.body, { ...request, protocol: 'ews' })
    request.log.caller = caller.address
    const throttle = await parts.throttling(caller)
    return await shares.run(caller, () => dispatch({ ...parts, throttle }, request, caller), throttle.ewsConcurrency)
  } catch (error) {
    if (!(error instanceof SecurityFailure)) throw error
    request.log.outcome = error.faultcode
    return { status: 500, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: securityFault(error) }
  }
}

async function handle(parts: EwsParts, shares: Shares, request: HttpRequest): Promise<HttpReply> {
  if (request.method === 'POST') {
    const { caller } = request
    if (!caller) throw new Error('the listener let a request through without a caller')
    try {
      await parts.ewsPolicy(caller, request.headers['user-agent'] ?? '')
    } catch (error) {
      if (error instanceof Refusal) return fault(error, 403)
      throw error
    }
    const throttle = await parts.throttling(caller)
    return shares.run(caller, () => dispatch({ ...parts, throttle }, request, caller), throttle.ewsConcurrency)
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

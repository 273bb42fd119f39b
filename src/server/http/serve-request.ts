import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { Refusal } from '#model'
import {
  defectOf,
  httpStatus,
  serverEndPoint,
  type Access,
  type Connection,
  type Holding,
  type HttpReply,
  type HttpRequest,
  type HttpRoute,
} from '#access'
import { discardBody, linger, readBody } from './body.ts'
import { compressed } from './compress.ts'
import type { RouteMatch } from './route-table.ts'

/** What became of a request, for the log and the metrics. */
export interface ServedRequest {
  request: HttpRequest
  protocol: string
  status: number
  bytes: number
  ms: number
}

export interface ServeDeps {
  access: Access
  match: (method: string, path: string) => RouteMatch
  newId: () => string
  /** True once the site drains: new requests are refused. */
  draining: () => boolean
  /** Requests being served, so that draining can abort the long ones. */
  inFlight: Set<AbortController>
  /** Room in memory for one request's body. */
  hold: () => Holding
  served: (served: ServedRequest) => void
  defect: (error: unknown, request: HttpRequest) => void
}

/** Serves one request: route, body, caller, reply. Never throws; every outcome is an answer, a log line and a count. */
export async function serveRequest(deps: ServeDeps, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now()
  const gone = new AbortController()
  const holding = deps.hold()
  deps.inFlight.add(gone)
  response.on('close', () => {
    deps.inFlight.delete(gone)
    holding.release()
    gone.abort(new Refusal('RequestAborted', 'The client went away.'))
  })
  const request = requestOf(deps, message, gone.signal)
  response.setHeader('request-id', request.id)
  response.setHeader('x-content-type-options', 'nosniff')
  const match = deps.match(request.method, request.path)
  for (const [name, value] of Object.entries(match.route?.headers ?? {})) response.setHeader(name, value)
  let sent = { status: 499, bytes: 0 }
  try {
    const reply = await answer(deps, match, request, message, response, holding)
    if (message.readableEnded || noBody(message)) sent = await send(message, response, reply)
    else {
      // Something of the body is unread: say what there is to say, read on for a moment unless nothing was sent yet, then close.
      response.setHeader('connection', 'close')
      const rest = mayBeSending(message, match.route) ? () => linger(message) : undefined
      sent = await send(message, response, reply, rest)
    }
  } catch (error) {
    if (!response.destroyed) deps.defect(error, request)
    response.destroy()
  }
  const ms = performance.now() - started
  deps.served({ request, protocol: match.route?.protocol ?? 'http', ...sent, ms })
}

function requestOf(deps: ServeDeps, message: IncomingMessage, gone: AbortSignal): HttpRequest {
  const secure = (message.socket as TLSSocket).encrypted === true
  const target = message.url?.startsWith('/') ? message.url : '/'
  const origin = `${secure ? 'https' : 'http'}://${/^[\w.:[\]-]+$/.test(message.headers.host ?? '') ? message.headers.host : 'localhost'}`
  const url = URL.canParse(origin + target) ? new URL(origin + target) : new URL('http://localhost/')
  return {
    method: message.method ?? 'GET',
    url,
    path: lowerPath(url.pathname),
    headers: message.headers,
    body: Buffer.alloc(0),
    connection: connectionOf(message, secure),
    remoteAddress: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    id: deps.newId(),
    signal: gone,
    log: {},
  }
}

/** Headers that proxies add: what comes next on their connections may be of somebody else. */
const proxied = ['via', 'forwarded', 'x-forwarded-for', 'x-real-ip']

function connectionOf({ socket, headers }: IncomingMessage, secure: boolean): Connection {
  return {
    key: socket,
    secure,
    shared: proxied.some((name) => headers[name] !== undefined),
    endPoint() {
      const raw = secure ? ((socket as TLSSocket).getCertificate() as Partial<PeerCertificate> | null)?.raw : undefined
      return raw && serverEndPoint(raw)
    },
  }
}

function lowerPath(path: string): string {
  try {
    return decodeURIComponent(path).toLowerCase()
  } catch (error) {
    // A broken escape matches no route, which is the answer.
    if (error instanceof URIError) return path.toLowerCase()
    throw error
  }
}

async function answer(
  deps: ServeDeps,
  match: RouteMatch,
  request: HttpRequest,
  message: IncomingMessage,
  response: ServerResponse,
  holding: Holding,
): Promise<HttpReply> {
  const { route, allowed } = match
  if (!route) {
    if (allowed.length) return plain(405, `${request.method} is not taken here.\n`, { allow: allowed.join(', ') })
    return plain(404, 'There is nothing here.\n')
  }
  try {
    if (deps.draining()) throw new Refusal('ServerBusy', 'The server is shutting down. Try again in a few seconds.')
    const denied = (await admit(deps, route, request, response)) ?? (await turnedAway(route, request))
    const turned = denied !== undefined && denied.status !== 401
    if (!turned && mayBeSending(message, route) && expectsContinue(message)) response.writeContinue()
    // The body is read all the same: clients send it whole and then go on, on the same connection.
    if (denied) {
      // Of one who is turned away not much: what is large costs the connection.
      const length = noBody(message) ? 0 : Number(message.headers['content-length'] ?? Infinity)
      if (!turned || (length <= smallBody && !expectsContinue(message))) await discardBody(message, route.maxBody)
      return denied
    }
    const { caller } = request
    if (caller) holding.belongsTo(`${caller.organisation} ${caller.recipient}`)
    request.body = await readBody(message, route.maxBody, holding)
    return await route.handle(request)
  } catch (error) {
    if (!(error instanceof Refusal)) {
      deps.defect(error, request)
      return refused(defectOf(request.id), route, request)
    }
    return refused(error, route, request)
  }
}

const smallBody = 256 * 1024

/** What the route says to who may not come in now, or nothing. */
async function turnedAway(route: HttpRoute, request: HttpRequest): Promise<HttpReply | undefined> {
  try {
    await route.admit?.(request)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return refused(error, route, request)
    throw error
  }
}

/** Finds out who calls. The 401 to give, or nothing when the route may be entered. */
async function admit(deps: ServeDeps, route: HttpRoute, request: HttpRequest, response: ServerResponse): Promise<HttpReply | undefined> {
  if (route.auth === 'none') return undefined
  const client = request.headers['user-agent']?.slice(0, 200)
  const { remoteAddress, connection } = request
  const from = { remoteAddress, protocol: route.protocol, ...(client ? { client } : {}), ...(connection ? { connection } : {}) }
  try {
    const found = await deps.access.authenticate(request.headers.authorization, from)
    if (found && 'challenge' in found) {
      request.log.outcome = 'Challenged'
      return plain(401, 'Go on.\n', { 'www-authenticate': found.challenge })
    }
    if (found) {
      request.caller = found.caller
      request.log.caller = found.caller.address
      if (found.token) response.setHeader('www-authenticate', found.token)
    } else if (route.auth === 'required') return await challenge(deps, route, request, 'Sign in.')
    return undefined
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'unauthenticated') return challenge(deps, route, request, error.message, error)
    throw error
  }
}

/** 401 with every scheme that works, and why a token was not taken ([MS-XOAUTH] 4.6). */
async function challenge(
  { access }: ServeDeps,
  { protocol }: HttpRoute,
  request: HttpRequest,
  text: string,
  refusal?: Refusal,
): Promise<HttpReply> {
  request.log.outcome = refusal?.code ?? 'Unauthenticated'
  const diagnostics = refusal?.detail.diagnostics
  const invalidToken = diagnostics !== undefined || refusal?.detail.scheme === 'Bearer'
  const { connection } = request
  const headers = { 'www-authenticate': await access.challenges(protocol, { invalidToken, ...(connection ? { connection } : {}) }) }
  return plain(401, `${text}\n`, diagnostics === undefined ? headers : { ...headers, 'x-ms-diagnostics': String(diagnostics) })
}

function refused(refusal: Refusal, route: HttpRoute, request: HttpRequest): HttpReply {
  request.log.outcome = refusal.code
  if (route.refuse) return route.refuse(refusal, request)
  return plain(httpStatus[refusal.kind], `${refusal.message}\n`, refusal.kind === 'busy' ? { 'retry-after': '5' } : {})
}

function plain(status: number, body: string, headers: HttpReply['headers'] = {}): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}

async function send(
  message: IncomingMessage,
  response: ServerResponse,
  reply: HttpReply,
  beforeEnd?: () => Promise<void>,
): Promise<{ status: number; bytes: number }> {
  if (response.destroyed) return { status: 499, bytes: 0 }
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  if (typeof reply.body !== 'string' && !(reply.body instanceof Uint8Array)) return sendStream(response, reply.status, reply.body)
  const whole =
    typeof reply.body === 'string' ? Buffer.from(reply.body) : Buffer.from(reply.body.buffer, reply.body.byteOffset, reply.body.length)
  const accept = message.headers['accept-encoding']
  const { body, encoding } = await compressed(
    whole,
    String(response.getHeader('content-type') ?? ''),
    Array.isArray(accept) ? accept.join() : accept,
  )
  if (whole.length > 1024) response.setHeader('vary', 'accept-encoding')
  if (encoding) response.setHeader('content-encoding', encoding)
  response.setHeader('content-length', body.length)
  response.writeHead(reply.status)
  if (beforeEnd) {
    if (message.method !== 'HEAD') response.write(body)
    await beforeEnd()
    response.end()
  } else response.end(message.method === 'HEAD' ? undefined : body)
  return { status: reply.status, bytes: body.length }
}

/** Sends piece by piece as the source gives them, waiting for a slow reader; stops when the reader is gone. */
async function sendStream(
  response: ServerResponse,
  status: number,
  source: AsyncIterable<string>,
): Promise<{ status: number; bytes: number }> {
  response.writeHead(status)
  response.flushHeaders()
  let bytes = 0
  for await (const piece of source) {
    if (response.destroyed) break
    bytes += Buffer.byteLength(piece)
    if (!response.write(piece)) await drained(response)
  }
  response.end()
  return { status, bytes }
}

/** Until there is room again, or nobody is there any more. */
function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

const expectsContinue = (message: IncomingMessage) => message.headers.expect?.toLowerCase() === '100-continue'
/** False for a client that waits for a "100 Continue" it will not get, because its body is too large. */
const mayBeSending = (message: IncomingMessage, route: HttpRoute | undefined) =>
  !expectsContinue(message) || (route !== undefined && Number(message.headers['content-length'] ?? 0) <= route.maxBody)
const noBody = (message: IncomingMessage) =>
  message.headers['content-length'] === undefined && message.headers['transfer-encoding'] === undefined

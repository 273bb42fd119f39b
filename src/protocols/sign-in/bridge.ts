/** Lets a library that speaks Node's own HTTP answer a whole request of the seam, which has bounded, drained and logged it. */
import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { HttpReply, HttpRequest } from '#access'

export interface Exchange {
  message: IncomingMessage
  response: ServerResponse
  /** What was answered, once the library is done. */
  reply(): HttpReply
}

/**
 * A message and a response for a library. It sees the public address of the site, whatever the client wrote into `Host`, and the path below
 * `mount`.
 */
export function exchangeFor(request: HttpRequest, { base, mount }: { base: string; mount: string }): Exchange {
  const { host, protocol } = new URL(base)
  const wire = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  const socket = Object.assign(wire, { remoteAddress: request.remoteAddress, encrypted: protocol === 'https:' }) as unknown as Socket
  const target = request.url.pathname + request.url.search
  const message = Object.assign(new IncomingMessage(socket), {
    method: request.method,
    url: target.slice(mount.length) || '/',
    originalUrl: target,
    headers: { ...request.headers, host, ...lengthOf(request.body) },
  })
  message.push(request.body.length > 0 ? request.body : null)
  if (request.body.length > 0) message.push(null)
  return { message, ...captured(message) }
}

/** The body comes whole: what the client said of its coding and length holds no more. */
const lengthOf = (body: Buffer) => ({
  'content-length': String(body.length),
  'transfer-encoding': undefined,
  'content-encoding': undefined,
})

function captured(message: IncomingMessage): Pick<Exchange, 'response' | 'reply'> {
  const response = new ServerResponse(message)
  const parts: Buffer[] = []
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string') parts.push(Buffer.from(chunk))
    else if (chunk instanceof Uint8Array) parts.push(Buffer.from(chunk))
    return true
  }
  let ended = false
  Object.defineProperty(response, 'writableEnded', { get: () => ended })
  Object.assign(response, {
    write: keep,
    end(chunk?: unknown) {
      keep(chunk)
      ended = true
      return response
    },
  })
  return { response, reply: () => ({ status: response.statusCode, headers: headersOf(response.getHeaders()), body: Buffer.concat(parts) }) }
}

function headersOf(headers: OutgoingHttpHeaders): HttpReply['headers'] {
  const kept: HttpReply['headers'] = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== 'content-length') kept[name] = Array.isArray(value) ? value : String(value)
  }
  return kept
}

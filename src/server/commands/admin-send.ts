import { request as httpRequest } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http'

/** A request to the administration of a site. */
export interface Sending {
  method: 'GET' | 'POST'
  /** With the query. */
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal
}

export interface Sent {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: AsyncIterable<Uint8Array>
}

/** Sends a request; the body comes as it is read, and leaving it cuts the connection. What hinders it is thrown as the system says it. */
export type Send = (sending: Sending) => Promise<Sent>

/** Through the socket in a site's data folder, as the site itself. */
export function overSocket(socketPath: string): Send {
  return (sending) => send(httpRequest, { socketPath }, sending)
}

export interface HttpsSite {
  url: string
  /** PEM of the authority to trust; those of the system when left out. */
  ca?: string
  /** The Authorization header as it is when a request goes: `Bearer …`, or `Basic …` with an app password. */
  authorization: () => Promise<string>
}

/** Over HTTPS, on connections that are kept until it is disposed of. */
export function overHttps({ url, ca, authorization }: HttpsSite): Send & Disposable {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ...(ca ? { ca } : {}) })
  const over = async (sending: Sending) => {
    const headers = { ...sending.headers, authorization: await authorization() }
    return send(httpsRequest, { hostname: hostname.replace(/^\[|\]$/g, ''), port: port || 443, agent }, { ...sending, headers })
  }
  return Object.assign(over, { [Symbol.dispose]: () => agent.destroy() })
}

function send(
  request: typeof httpRequest | typeof httpsRequest,
  where: RequestOptions,
  { method, path, headers, body, signal }: Sending,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const length: OutgoingHttpHeaders = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const asking = request({ ...where, method, path, headers: { ...headers, ...length }, ...(signal ? { signal } : {}) })
    asking.on('error', reject)
    asking.on('response', (response: IncomingMessage) =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response as AsyncIterable<Uint8Array> }),
    )
    asking.end(body)
  })
}

import { once } from 'node:events'
import { Agent, request as startRequest, type RequestOptions } from 'node:https'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { createSecureContext, rootCertificates, type ConnectionOptions, type SecureContext } from 'node:tls'
import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import { isPublicAddress, type Destination, type FindHost } from './addresses.ts'

/** One request to another server. */
export interface RemoteRequest {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Ends the request; its reason is what the caller sees. */
  signal: AbortSignal
}

export interface RemoteAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Why there is no answer. `cause` is a word for the trace: what a person would look for. */
export type RemoteFailureCause = 'notAllowed' | 'name' | 'connect' | 'tls' | 'timeout' | 'tooLarge' | 'broken'
export class RemoteFailure extends Error {
  readonly cause: RemoteFailureCause
  constructor(cause: RemoteFailureCause, message: string) {
    super(message)
    this.name = 'RemoteFailure'
    this.cause = cause
  }
}

export interface RemoteHttp {
  /** Sends a request and reads the whole answer, whatever its status. Redirects are answers. No answer → RemoteFailure. */
  send(request: RemoteRequest): Promise<RemoteAnswer>
  close(): void
}

/** Bytes of an answer that are read. */
const largest = 8 * 1024 * 1024
/** What is unzipped at once: the way to another thread and back costs several times what so little takes. */
const small = { zipped: 16 * 1024, maxOutputLength: 256 * 1024 }
const idle = 30_000

/**
 * HTTPS to other organisations: TLS 1.2 and up, kept connections, answers of bounded size. Goes to public addresses alone unless
 * `allowed` names the host: a hostile answer of another organisation cannot send it into the own network.
 */
export function createRemoteHttp(input: {
  findHost: FindHost
  /** Hosts (with port where it is not 443), lower case, that may be on any address. */
  allowed: (host: string) => boolean
  /** PEM certificate authorities beside the system's; asked for at the first request. */
  ca: () => readonly string[]
}): RemoteHttp {
  const { findHost, allowed } = input
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: idle, maxSockets: 64, maxFreeSockets: 16 })
  let trust: SecureContext | undefined
  const secureContext = () => {
    const own = input.ca()
    trust ??= createSecureContext({ minVersion: 'TLSv1.2', ...(own.length ? { ca: [...rootCertificates, ...own] } : {}) })
    return trust
  }

  async function destinationOf(url: URL): Promise<Destination> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const found = isIP(host) ? [{ address: host }] : await findHost(host)
    const [first] = found
    if (!first) throw new RemoteFailure('name', `The remote name could not be resolved: '${host}'.`)
    if (allowed(url.host.toLowerCase())) return first
    const open = found.find(({ address }) => isPublicAddress(address))
    if (!open) throw new RemoteFailure('notAllowed', `${host} leads to ${first.address}, which is not a public address; it is not called.`)
    return open
  }

  return {
    async send({ url: text, method = 'POST', headers = {}, body, signal }) {
      const url = URL.canParse(text) ? new URL(text) : undefined
      if (url?.protocol !== 'https:')
        throw new RemoteFailure('notAllowed', `'${text.slice(0, 300)}' is no https address; it is not called.`)
      const { address, port } = await destinationOf(url)
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const options: RequestOptions & Pick<ConnectionOptions, 'secureContext'> = {
        agent,
        secureContext: secureContext(),
        host: address,
        port: port ?? (url.port || 443),
        path: url.pathname + url.search,
        method,
        signal,
        headers: {
          ...headers,
          host: url.host,
          'accept-encoding': 'gzip',
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        ...(isIP(host) ? {} : { servername: host }),
      }
      return exchange(options, body, host)
    },
    close: () => agent.destroy(),
  }
}

async function exchange(options: RequestOptions, body: string | Uint8Array | undefined, host: string): Promise<RemoteAnswer> {
  const request = startRequest(options)
  try {
    request.end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, headers: response.headers, body: await readAll(response) }
  } catch (error) {
    request.destroy()
    throw failureOf(error as NodeJS.ErrnoException, host)
  }
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largest) throw tooLarge()
    parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  return response.headers['content-encoding'] === 'gzip' ? unzipped(bytes) : bytes
}

async function unzipped(bytes: Buffer): Promise<Buffer> {
  try {
    if (bytes.length <= small.zipped) return gunzipSync(bytes, small)
  } catch (error) {
    if (!isTooMuch(error)) throw error
  }
  return promisify(gunzip)(bytes, { maxOutputLength: largest }).catch((error: unknown) => {
    throw isTooMuch(error) ? tooLarge() : error
  })
}

const isTooMuch = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
const tooLarge = (): RemoteFailure => new RemoteFailure('tooLarge', `The answer is larger than ${largest} bytes.`)

const refusedCodes = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'EPIPE', 'EADDRNOTAVAIL'])

function failureOf(error: NodeJS.ErrnoException, host: string): Error {
  if (error instanceof RemoteFailure) return error
  const code = error.code ?? ''
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ETIMEDOUT') {
    return new RemoteFailure('timeout', `${host} did not answer in time.`)
  }
  if (code === 'ENOTFOUND') return new RemoteFailure('name', `The remote name could not be resolved: '${host}'.`)
  if (refusedCodes.has(code)) return new RemoteFailure('connect', `Unable to connect to ${host} (${code}).`)
  if (/^ERR_TLS|^ERR_SSL|CERT|SIGNED|^EPROTO|^UNABLE_TO/.test(code)) {
    return new RemoteFailure('tls', `Could not create a secure channel to ${host} (${code}).`)
  }
  if (/^Z_|^HPE_/.test(code)) return new RemoteFailure('broken', `The answer of ${host} cannot be read (${code}).`)
  return error
}

import { Agent, request as startRequest, type RequestOptions } from 'node:https'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { createSecureContext, getCACertificates, type ConnectionOptions, type SecureContext } from 'node:tls'
import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import { isPublicAddress, type Destination, type FindHost } from './addresses.ts'

/** One request to another server. */
export interface RemoteRequest {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Ends the request, whatever it waits for: RemoteFailure 'timeout'. */
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
  /** PEM certificate authorities beside Node's (with NODE_EXTRA_CA_CERTS); asked for at every request. */
  ca: () => readonly string[]
}): RemoteHttp {
  const { findHost, allowed } = input
  const createAgent = () => new Agent({ keepAlive: true, keepAliveMsecs: idle, maxSockets: 64, maxFreeSockets: 16 })
  let trust: { own: string; agent: Agent; secureContext: SecureContext } | undefined
  /** Connections and what they were checked by: when the authorities change, new ones are made. */
  const trusted = () => {
    const authorities = input.ca()
    const own = authorities.join('\n')
    if (trust?.own === own) return trust
    for (const sockets of Object.values(trust?.agent.freeSockets ?? {})) for (const socket of sockets ?? []) socket.destroy()
    const ca = own ? { ca: [...getCACertificates('default'), ...authorities] } : {}
    return (trust = { own, agent: createAgent(), secureContext: createSecureContext({ minVersion: 'TLSv1.2', ...ca }) })
  }

  async function destinationOf(url: URL): Promise<Destination> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const found = isIP(host) ? [{ address: host }] : await findHost(host).catch(noName(host))
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
      const host = url.hostname.replace(/^\[|\]$/g, '')
      return within(signal, host, async () => {
        const { address, port } = await destinationOf(url)
        const { agent, secureContext } = trusted()
        const options: RequestOptions & Pick<ConnectionOptions, 'secureContext'> = {
          agent,
          secureContext,
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
      })
    },
    close: () => trust?.agent.destroy(),
  }
}

/** The work; or, as soon as the signal ends the time for it, 'timeout', whether the work listens to the signal or not. */
async function within<T>(signal: AbortSignal, host: string, work: () => Promise<T>): Promise<T> {
  const late = () => new RemoteFailure('timeout', `${host} did not answer in time.`)
  if (signal.aborted) throw late()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = () => reject(late())
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([work(), ended])
  } catch (error) {
    throw signal.aborted ? late() : error
  } finally {
    signal.removeEventListener('abort', end)
  }
}

async function exchange(options: RequestOptions, body: string | Uint8Array | undefined, host: string): Promise<RemoteAnswer> {
  const request = startRequest(options)
  let began = false
  try {
    const responding = responseOf(request, host)
    request.end(body)
    const response = await responding
    began = true
    return { status: response.statusCode ?? 0, headers: response.headers, body: await readAll(response) }
  } catch (error) {
    request.destroy()
    throw failureOf(error, host, began)
  }
}

/** The head of the answer. A connection that ends otherwise, or is to become another, gives none. */
function responseOf(request: ClientRequest, host: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    // Errors that come after the answer are the answer's too.
    request.on('error', reject)
    request.once('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new RemoteFailure('broken', `${host} switched to another protocol than was asked for.`))
    })
    request.once('close', () => reject(new RemoteFailure('broken', `${host} closed the connection without an answer.`)))
  })
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

/** What went wrong in a program, not in a network. */
const mistakes = [TypeError, RangeError, ReferenceError, SyntaxError]
const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || mistakes.some((kind) => error instanceof kind)) return undefined
  return typeof (error as NodeJS.ErrnoException).code === 'string' ? (error as NodeJS.ErrnoException).code : undefined
}

/** For `catch`: what a resolver throws is no answer. */
function noName(host: string): (error: unknown) => never {
  return (error) => {
    const code = codeOf(error)
    if (code === undefined) throw error
    throw new RemoteFailure('name', `The remote name could not be resolved: '${host}' (${code}).`)
  }
}

/** Codes of OpenSSL, and of a certificate that it does not take. */
const tlsCode =
  /^ERR_(TLS|SSL|OSSL)|CERT|CRL|SIGNED|^EPROTO$|^UNABLE_TO|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH|^HOSTNAME_MISMATCH$|^UNSPECIFIED$/

/** Why there is no answer: every error of the network is a RemoteFailure; a mistake in the program stays what it is. */
export function failureOf(error: unknown, host: string, began: boolean): unknown {
  const code = codeOf(error)
  if (error instanceof RemoteFailure || code === undefined) return error
  if (code === 'ETIMEDOUT') return new RemoteFailure('timeout', `${host} did not answer in time.`)
  if (code === 'ENOTFOUND') return new RemoteFailure('name', `The remote name could not be resolved: '${host}'.`)
  if (tlsCode.test(code)) return new RemoteFailure('tls', `Could not create a secure channel to ${host} (${code}).`)
  // What the system says (`ECONNREFUSED`), not Node (`ERR_…`).
  if (/^E(?!RR_)/.test(code)) {
    return began
      ? new RemoteFailure('broken', `The answer of ${host} broke off (${code}).`)
      : new RemoteFailure('connect', `Unable to connect to ${host} (${code}).`)
  }
  return new RemoteFailure('broken', `The answer of ${host} cannot be read (${code}).`)
}

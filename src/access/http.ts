/**
 * The seam between the listener and every protocol that speaks HTTP: a protocol room exports `xRoutes(deps): HttpRoute[]`,
 * the server serves them. A route gets a whole request and gives back a whole reply, or a stream of text.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { Refusal, type Caller, type RefusalKind } from '#model'
import type { Connection } from './connection.ts'

export interface HttpRoute {
  /** Upper case. A method that no route of the path takes answers 405 with `Allow`. */
  methods: readonly string[]
  /** Lower case, matched without regard to case; may end in `/*`, which matches the path itself and everything below. */
  path: string
  /** Names the protocol in log lines and metrics: `ews`, `autodiscover`. */
  protocol: string
  /**
   * `required`: without a valid credential the listener answers 401 itself, after reading the body.
   * `optional`: `caller` is there when a valid credential came. `none`: credentials are not looked at.
   */
  auth: 'required' | 'none' | 'optional'
  /** Bytes of body accepted, after decompression; more answers `refuse(RequestStreamTooBig)`. */
  maxBody: number
  /** Headers of every reply at this route, the listener's own 401 included. */
  headers?: Readonly<Record<string, string>>
  /** Asked after signing in and before the body is read: refuses whoever may not come in now. */
  admit?(request: HttpRequest): Promise<void>
  handle(request: HttpRequest): Promise<HttpReply>
  /** The protocol's own form of a refusal met before `handle` (body too large, shutting down). Absent = plain text with the status. */
  refuse?(refusal: Refusal, request: HttpRequest): HttpReply
}

export interface HttpRequest {
  method: string
  /** As it came, with the query. */
  url: URL
  /** Lower case, percent-decoded, without the query. */
  path: string
  headers: IncomingHttpHeaders
  /** Decompressed. Empty in `refuse`. */
  body: Buffer
  caller?: Caller
  remoteAddress: string
  /** Absent where no connection is meant (a request within the server). */
  connection?: Connection
  /** Unique in the log; also in the reply's `request-id` header. */
  id: string
  /** Aborted when the client goes away or the server drains (reason: a `Refusal` ServerBusy). */
  signal: AbortSignal
  /** Fields for the request's log line; `operation` and `outcome` are also labels of the metrics. Never a secret. */
  log: Record<string, string | number | boolean>
}

export interface HttpReply {
  status: number
  /** Several values of one header go in lines of their own. */
  headers: Record<string, string | string[]>
  /** A stream is flushed piece by piece and never compressed; it ends early when `signal` aborts. */
  body: string | Uint8Array | AsyncIterable<string>
}

/** HTTP's own answer to each kind of refusal, where the protocol has none. */
export const httpStatus: Record<RefusalKind, number> = {
  invalid: 400,
  notFound: 404,
  denied: 403,
  unauthenticated: 401,
  conflict: 409,
  tooLarge: 413,
  busy: 503,
  unsupported: 501,
  internal: 500,
}

/** What is said of a bug: where the log has more of it. */
export const defectOf = (id: string): Refusal =>
  new Refusal('InternalServerError', `Something went wrong inside the server. Its log has the details under ${id}.`)

/** What went wrong when the answer had begun, as a refusal that its last line can tell; a bug goes to `defect`. */
export const lateRefusal =
  (request: HttpRequest, defect: (error: unknown, request: HttpRequest) => void) =>
  (error: unknown): Refusal => {
    const refusal = error instanceof Refusal ? error : defectOf(request.id)
    if (refusal !== error) defect(error, request)
    request.log.outcome = refusal.code
    return refusal
  }

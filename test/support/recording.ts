/**
 * Keeps what clients say to a test's site, for `test/ews/recorded`: with ISTHMUS_RECORD_EWS=FOLDER in the environment, every
 * EWS request is written there with its answer, as `NNNN-Operation-PROCESS.json`. `node test/ews/recorded/keep.ts` picks from them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HttpReply, HttpRequest, HttpRoute } from '#access'

/** One request as it came. */
export interface Recorded {
  operation: string
  agent: string
  request: string
  /** Absent for a stream. */
  answer?: string
}

let count = 0

/** Wraps a route when the environment asks for a recording. */
export function recording(route: HttpRoute): HttpRoute {
  const folder = process.env.ISTHMUS_RECORD_EWS
  if (!folder || route.protocol !== 'ews') return route
  mkdirSync(folder, { recursive: true })
  const handle = async (request: HttpRequest): Promise<HttpReply> => {
    const reply = await route.handle(request)
    const text = request.body.toString('utf8')
    const operation = /<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(text)?.[1]
    if (!operation) return reply
    const kept: Recorded = { operation, agent: request.headers['user-agent'] ?? '', request: text }
    if (typeof reply.body === 'string') kept.answer = reply.body
    else if (reply.body instanceof Uint8Array) kept.answer = Buffer.from(reply.body).toString('utf8')
    // Test files are processes of their own: the name has the process too.
    const name = `${String(++count).padStart(4, '0')}-${operation}-${process.pid}.json`
    writeFileSync(join(folder, name), JSON.stringify(kept, null, 1))
    return reply
  }
  return { ...route, handle }
}

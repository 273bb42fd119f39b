/** Holds every EWS answer that a site gives, to whatever client, against the XSD. */
import assert from 'node:assert/strict'
import type { HttpReply, HttpRoute } from '#access'
import { validateEws } from './ews-schema.ts'

export interface AnswersValid {
  /** Put it around the site's routes. */
  around(route: HttpRoute): HttpRoute
  /** Fails with every answer that did not fit. */
  settle(): void
}

/** Operations that the XSD does not declare globally; the request that names one is a test's own invention. */
const undeclared = /No matching global declaration available for the validation root/

export function answersValid(): AnswersValid {
  const wrong: string[] = []
  const check = (xml: string) => {
    const problems = validateEws(xml).filter((problem) => !undeclared.test(problem))
    if (problems.length > 0 && wrong.length < 10) wrong.push(`${problems.join('; ')}\n${xml.slice(0, 3000)}`)
  }
  async function* watched(pieces: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const piece of pieces) {
      if (piece.startsWith('<')) check(piece)
      yield piece
    }
  }
  const checked = (reply: HttpReply): HttpReply => {
    const { body } = reply
    const type = reply.headers['content-type'] ?? reply.headers['Content-Type'] ?? ''
    if (typeof body === 'string') {
      if (type.includes('xml')) check(body)
      return reply
    }
    if (body instanceof Uint8Array) {
      if (type.includes('xml')) check(Buffer.from(body).toString('utf8'))
      return reply
    }
    return { ...reply, body: watched(body) }
  }
  return {
    around: (route) => (route.protocol === 'ews' ? { ...route, handle: async (request) => checked(await route.handle(request)) } : route),
    settle: () => assert.deepEqual(wrong, [], `answers that do not fit the EWS schema:\n${wrong.join('\n\n')}`),
  }
}

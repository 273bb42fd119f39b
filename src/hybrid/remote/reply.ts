import { Refusal, type RefusalCode } from '#model'
import type { XmlElement } from '#wire'
import { LookupFailure } from '../failure.ts'
import { tokenNotTaken } from './token-remedy.ts'
import type { Hop } from '../trace/trace.ts'
import type { RemoteAnswer } from './http.ts'
import { SoapFault, soapBody } from './soap-answer.ts'

/** Writes down what an answer says of itself. */
export function noted(hop: Hop, reply: RemoteAnswer): RemoteAnswer {
  hop.status = reply.status
  const id = reply.headers['request-id']
  if (id) hop.requestId = String(id)
  return reply
}

/** What to look for behind each status that is no answer. */
const statusRemedies: Readonly<Record<number, string>> = {
  301: 'The address is an old one: write the new one down.',
  302: 'Something before the server redirects; let the requests pass to it.',
  403: 'The other side does not let this service in: check its virtual directory.',
  404: 'The address leads to no service: check it, and that WSSecurity is on at the other side.',
  405: 'The address leads to something that takes no requests of this kind: check it.',
  503: 'The other side is down or busy; try again later.',
}

/** The body of a SOAP answer; anything else is what ended the lookup, in words, with the code that the client sees. */
export function answered(reply: RemoteAnswer, code: RefusalCode, service: string): XmlElement {
  const { status, headers, body } = reply
  if (status === 401) throw tokenNotTaken(code, headers['x-ms-diagnostics'] as string | undefined, service)
  // Faults come with 500, or with 200.
  if (status !== 200 && status !== 500) {
    throw new LookupFailure(
      code,
      `${service} answered ${status}.`,
      statusRemedies[status] ?? 'Look into the other side’s log for the request.',
    )
  }
  try {
    return soapBody(body)
  } catch (error) {
    if (error instanceof SoapFault) {
      throw new LookupFailure(
        code,
        `${service} answered with a fault, ${error.code}: ${error.message}`,
        'The other side’s log and trace say why.',
      )
    }
    if (!(error instanceof Refusal)) throw error
    throw new LookupFailure(
      code,
      `${service} gave no SOAP answer (${status}): ${error.message.replace(/^The request\b/, 'the response')}`,
      'Something else than the service answers at that address: a proxy, or the address is wrong.',
    )
  }
}

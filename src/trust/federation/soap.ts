import type { Instant } from '#model'
import { element, type Markup, type Raw } from './markup.ts'
import { anonymous } from './names.ts'

/** A wsu:Timestamp of five minutes. */
export function timestamp(id: string, now: Instant): Markup {
  const time = (instant: Instant) => new Date(instant).toISOString()
  return element(
    'wsu:Timestamp',
    { 'wsu:Id': id },
    element('wsu:Created', {}, time(now)),
    element('wsu:Expires', {}, time(now + 5 * 60_000)),
  )
}

/** The wsa:To of a message, with an id to be signed. */
export function toHeader(soap: 'soap' | 's12', id: string, to: string): Markup {
  return element('wsa:To', { [`${soap}:mustUnderstand`]: '1', 'wsu:Id': id }, to)
}

/** Action, MessageID and ReplyTo of a message ([WS-Addressing 1.0 SOAP Binding]). */
export function addressing(soap: 'soap' | 's12', action: string, messageId: string): Markup[] {
  return [
    element('wsa:Action', { [`${soap}:mustUnderstand`]: '1' }, action),
    element('wsa:MessageID', {}, `urn:uuid:${messageId}`),
    element('wsa:ReplyTo', {}, element('wsa:Address', {}, anonymous)),
  ]
}

/** The wsse:Security header of a message. */
export function security(soap: 'soap' | 's12', ...parts: (Markup | Raw)[]): Markup {
  return element('wsse:Security', { [`${soap}:mustUnderstand`]: '1' }, ...parts)
}

/** A whole envelope. */
export function envelope(soap: 'soap' | 's12', header: (Markup | Raw)[], body: Markup): Markup {
  return element(`${soap}:Envelope`, {}, element(`${soap}:Header`, {}, ...header), body)
}

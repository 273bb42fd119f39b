import type { Instant } from '#model'
import { element, write, type Raw } from './markup.ts'
import type { Algorithms } from './names.ts'
import { assertionReference, signature } from './sign.ts'
import { addressing, envelope, security, timestamp, toHeader } from './soap.ts'
import type { IssuedToken } from './token-response.ts'

export interface SecuredRequest {
  /** What goes into soap:Body, as text. */
  body: string
  /** Further headers, as text (`t:RequestServerVersion`). Each declares its own prefixes. */
  headers?: string
  /** The SOAP action. */
  action: string
  /** The URL it goes to, `/WSSecurity` included. */
  to: string
  token: Pick<IssuedToken, 'token' | 'assertionId' | 'proofKey'>
  algorithms: Algorithms
  now: Instant
  newId: () => string
}

/**
 * A SOAP 1.1 request that carries a token, byte for byte, and proves with an HMAC over its time and its To that the sender
 * holds the token's key ([WSS SAML Token Profile] 3.5.1; hybrid reference 3.5).
 */
export function secureRequest({ body, headers, action, to, token, algorithms, now, newId }: SecuredRequest): string {
  const stamp = timestamp(`_0-${newId()}`, now)
  const target = toHeader('soap', '_1', to)
  const over = [stamp, target].map((content) => ({ id: content.attributes['wsu:Id'] ?? '', content }))
  const signed = signature({ over, key: token.proofKey, keyInfo: assertionReference(token.assertionId), algorithms })
  const header: (Raw | ReturnType<typeof element>)[] = [
    ...addressing('soap', action, newId()),
    target,
    ...(headers ? [{ xml: headers }] : []),
    security('soap', stamp, { xml: token.token }, signed),
  ]
  return write(envelope('soap', header, element('soap:Body', {}, { xml: body })))
}

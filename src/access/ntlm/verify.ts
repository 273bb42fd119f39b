import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AuthenticateMessage } from './messages.ts'

const hmacMd5 = (key: Buffer, ...parts: Uint8Array[]): Buffer => {
  const mac = createHmac('md5', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

/** [MS-NLMP] 3.3.2 NTOWFv2: upper case of the user's name alone. */
export function responseKey(ntHash: Buffer, user: string, domain: string): Buffer {
  return hmacMd5(ntHash, Buffer.from(user.toUpperCase() + domain, 'utf16le'))
}

/**
 * Whether the response proves the password whose NT hash this is ([MS-NLMP] 3.3.2), and the integrity code that all three messages came as they
 * were sent (3.2.5.1.2). No key exchange is granted, so the session key is the base key.
 */
export function provesPassword(
  ntHash: Buffer,
  { user, domain, proof, blob, mic }: AuthenticateMessage,
  { challenge, negotiate, challengeMessage }: { challenge: Buffer; negotiate: Buffer; challengeMessage: Buffer },
): boolean {
  const key = responseKey(ntHash, user, domain)
  const wanted = hmacMd5(key, challenge, blob)
  if (!timingSafeEqual(wanted, proof)) return false
  if (!mic) return true
  return timingSafeEqual(hmacMd5(hmacMd5(key, wanted), negotiate, challengeMessage, mic.message), mic.code)
}

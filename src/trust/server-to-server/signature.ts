import type { X509Certificate } from 'node:crypto'
import { compactVerify, errors } from 'jose'

/** Whether a JWT is signed by RS256 with the certificate's key. A key that is not fit for that (EC, RSA below 2048 bits) signed nothing. */
export async function isSignedBy(token: string, certificate: X509Certificate): Promise<boolean> {
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') return false
  try {
    await compactVerify(token, certificate.publicKey, { algorithms: ['RS256'] })
    return true
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return false
    throw error
  }
}

import 'reflect-metadata'
import { createHash, createPrivateKey, webcrypto, X509Certificate, type KeyObject } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Instant } from '#model'
import { derElements, extensionOf } from './der.ts'

/** A certificate that an organisation (or the auth service) signs and decrypts with. */
export interface KeyPair {
  certificate: X509Certificate
  privateKey: KeyObject
}

/** A pair as text: both PEM, the key PKCS #8. */
export interface KeyPairPem {
  certificate: string
  privateKey: string
}

const day = 86_400_000
/** 2.5.29.14 (RFC 5280 4.2.1.2). */
const subjectKeyIdentifier = Buffer.from('551d0e', 'hex')
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const

/**
 * Makes a self-signed RSA 2048 certificate fit for federation and for server-to-server tokens: with a Subject Key Identifier,
 * for signatures, key encipherment and client authentication. `subject` is a common name.
 */
export async function makeKeyPair({ subject, now, days = 5 * 365 }: { subject: string; now: Instant; days?: number }): Promise<KeyPairPem> {
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [subject] }],
    notBefore: new Date(now - day),
    notAfter: new Date(now + days * day),
    signingAlgorithm: rsa,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem') + '\n', privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') + '\n' }
}

/** A pair from its text. */
export function keyPairOf({ certificate, privateKey }: KeyPairPem): KeyPair {
  return { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
}

/** A certificate from the base64 of its DER form, as metadata documents carry it. Refuses nothing: what is none throws. */
export function certificateOf(base64: string): X509Certificate {
  return new X509Certificate(Buffer.from(base64, 'base64'))
}

/** Certificates by the base64 of their DER form, each read once: its key stays ready for use. */
export interface Certificates {
  /** Like `certificateOf`. */
  of(base64: string): X509Certificate
}

/** Keeps at most `most`; the oldest falls out. */
export function createCertificates(most = 1000): Certificates {
  const known = new Map<string, X509Certificate>()
  return {
    of(base64) {
      const found = known.get(base64) ?? certificateOf(base64)
      known.set(base64, found)
      if (known.size > most) known.delete(known.keys().next().value as string)
      return found
    },
  }
}

/** SHA-1 of the certificate in upper-case hex: what administrators know it by. */
export function thumbprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(':', '')
}

/** The `x5t` of a JWT header: base64url of the certificate's SHA-1 (RFC 7515 4.1.7). */
export function x5tOf(certificate: X509Certificate): string {
  return createHash('sha1').update(certificate.raw).digest('base64url')
}

/** The Subject Key Identifier in base64, as WS-Security key references name it; undefined without one. */
export function subjectKeyIdentifierOf(certificate: X509Certificate): string | undefined {
  const identifier = extensionOf(certificate.raw, subjectKeyIdentifier)
  return identifier && derElements(identifier)[0]?.content.toString('base64')
}

/** When the certificate may be used: instants in milliseconds. */
export function validityOf(certificate: X509Certificate): { from: Instant; to: Instant } {
  return { from: certificate.validFromDate.getTime(), to: certificate.validToDate.getTime() }
}

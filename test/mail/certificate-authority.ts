/** Certificates of all kinds for tests of TLS between servers. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 86_400_000

export interface Issued {
  cert: string
  key: string
}

export interface Authority extends Issued {
  issue(subject: string, options?: IssueOptions): Promise<Authority>
}

export interface IssueOptions {
  /** DNS names. */
  names?: string[]
  /** Days from now. */
  from?: number
  to?: number
  /** May sign others, so many levels deep. */
  ca?: boolean
  depth?: number
  uses?: x509.ExtendedKeyUsage[]
  /** Further extensions. */
  more?: x509.Extension[]
}

/** A root that nobody trusts until it is told to, or a self-signed certificate of one's own making. */
export async function makeAuthority(subject: string, options: IssueOptions = { ca: true }): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  return signed(subject, options, keys, { subject, keys })
}

async function signed(
  subject: string,
  options: IssueOptions,
  keys: webcrypto.CryptoKeyPair,
  issuer: { subject: string; keys: webcrypto.CryptoKeyPair },
): Promise<Authority> {
  const { names = [], from = -1, to = 30, ca = false, depth, uses, more = [] } = options
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer.subject,
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(ca, depth, true),
      new x509.KeyUsagesExtension(ca ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature, true),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))] : []),
      ...(uses ? [new x509.ExtendedKeyUsageExtension(uses)] : []),
      ...more,
    ],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
    async issue(name, further = {}) {
      const theirs = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      return signed(name, further, theirs, { subject, keys })
    },
  }
}

import { createHash, X509Certificate } from 'node:crypto'

/** The connection that a request came on: NTLM signs in the connection, and channel bindings hold a sign-in to it. */
export interface Connection {
  /** The socket: what belongs to the connection is kept under it and goes with it. */
  readonly key: object
  /** With TLS. */
  readonly secure: boolean
  /** A proxy stands between, so that requests of several people may come one after the other. */
  readonly shared: boolean
  /** Hash of the certificate that the server showed; undefined without TLS. Worked out when it is asked for. */
  endPoint(): Buffer | undefined
}

/** Hash of a server's certificate (DER) for the channel binding `tls-server-end-point` (RFC 5929 4.1). */
export function serverEndPoint(certificate: Buffer): Buffer {
  // The hash of its signature; MD5 and SHA-1 are taken for SHA-256, and so is one that names none (Ed25519).
  const signature = new X509Certificate(certificate).signatureAlgorithm ?? ''
  const hash = /sha-?(384|512)/i.exec(signature)?.[1] ?? '256'
  return createHash(`sha${hash}`).update(certificate).digest()
}

/** The MD5 of a gss_channel_bindings_struct without addresses (RFC 4121 4.1.1.2, [MS-NLMP] 3.1.5.1.2): what Kerberos and NTLM carry. */
export function channelBindings(endPoint: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), endPoint])
  const lengths = Buffer.alloc(20)
  lengths.writeUInt32LE(data.length, 16)
  return createHash('md5').update(lengths).update(data).digest()
}

/** How strictly a virtual directory holds sign-ins to their connection (Exchange's ExtendedProtectionTokenChecking). */
export type BindingCheck = 'None' | 'Allow' | 'Require'

/** True where what a client said of the channel is taken: `undefined` = it said nothing. */
export function bindingFits(check: BindingCheck, said: Buffer | undefined, { endPoint }: Connection): boolean {
  if (check === 'None') return true
  const own = endPoint()
  if (!said || said.every((byte) => byte === 0)) return check === 'Allow'
  return own !== undefined && channelBindings(own).equals(said)
}

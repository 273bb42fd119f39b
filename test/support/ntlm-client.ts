/** NTLMv2 as a client speaks it ([MS-NLMP] 3.1.5), with what tests want to be wrong; and one kept connection to speak it on. */
import { createHash, createHmac, randomBytes, X509Certificate } from 'node:crypto'
import { Agent, request } from 'node:https'
import { md4 } from '../../src/directory/md4.ts'
import type { CallAnswer, TestSite } from './site.ts'

const hmac = (key: Buffer, ...parts: Uint8Array[]) => createHmac('md5', key).update(Buffer.concat(parts)).digest()
const wide = (text: string) => Buffer.from(text, 'utf16le')
const asked = 0x1 | 0x4 | 0x200 | 0x8000 | 0x80000

export const negotiateMessage = Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.from(Uint32Array.of(1, asked, 0, 0, 0, 0).buffer)])

export interface NtlmQuirks {
  user?: string
  domain?: string
  password?: string
  /** Hash of the server's certificate that the client saw; absent = it says nothing of the channel. */
  endPoint?: Buffer
  mic?: 'none' | 'wrong'
  version1?: boolean
  keyExchange?: boolean
}

/** Answers a challenge. */
export function authenticateMessage(negotiate: Buffer, challenge: Buffer, quirks: NtlmQuirks): Buffer {
  const { user = 'mary@contoso.com', domain = '', password = '', endPoint, mic, version1 = false, keyExchange = false } = quirks
  const info = challenge.subarray(challenge.readUInt32LE(44), challenge.readUInt32LE(44) + challenge.readUInt16LE(40))
  const pairs = [info.subarray(0, info.length - 4)]
  const pair = (id: number, value: Buffer) => pairs.push(Buffer.from(Uint16Array.of(id, value.length).buffer), value)
  if (mic !== 'none') pair(6, Buffer.from([2, 0, 0, 0]))
  if (endPoint) pair(10, bindingsOf(endPoint))
  pairs.push(Buffer.alloc(4))
  const blob = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    Buffer.alloc(8),
    randomBytes(8),
    Buffer.alloc(4),
    ...pairs,
    Buffer.alloc(4),
  ])
  const key = hmac(md4(wide(password)), wide(user.toUpperCase() + domain))
  const proof = hmac(key, challenge.subarray(24, 32), blob)
  const response = version1 ? randomBytes(24) : Buffer.concat([proof, blob])
  const parts = [Buffer.alloc(24), response, wide(domain), wide(user), wide('PC'), Buffer.alloc(0)]
  const head = Buffer.alloc(88)
  head.write('NTLMSSP\0')
  head.writeUInt32LE(3, 8)
  let at = head.length
  for (const [index, part] of parts.entries()) {
    head.writeUInt16LE(part.length, 12 + index * 8)
    head.writeUInt16LE(part.length, 14 + index * 8)
    head.writeUInt32LE(at, 16 + index * 8)
    at += part.length
  }
  head.writeUInt32LE((asked | (keyExchange ? 0x40000000 : 0)) >>> 0, 60)
  const message = Buffer.concat([head, ...parts])
  hmac(hmac(key, proof), negotiate, challenge, message).copy(message, 72)
  if (mic === 'wrong') message[72]! ^= 1
  return message
}

/** [MS-NLMP] 2.2.2.1 MsvAvChannelBindings; RFC 5929 4.1. */
export function bindingsOf(endPoint: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), endPoint])
  return createHash('md5').update(Buffer.alloc(16)).update(Uint32Array.of(data.length)).update(data).digest()
}

export interface KeptConnection extends Disposable {
  /** Posts on the one connection. `reused` is false where the server had closed it. */
  post(body: string, headers?: Record<string, string>, path?: string): Promise<CallAnswer & { reused: boolean }>
  /** The three legs; the answer to the last one. */
  ntlm(body: string, quirks: NtlmQuirks, scheme?: string): Promise<CallAnswer>
  /** SHA-256 of the server's certificate, once something was asked. */
  endPoint(): Buffer
}

/** One connection with TLS to the site. */
export function keptConnection(site: Pick<TestSite, 'ca' | 'ports'>): KeptConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: site.ca })
  let certificate: Buffer | undefined
  const post: KeptConnection['post'] = (body, headers = {}, path = '/EWS/Exchange.asmx') =>
    new Promise((resolve, reject) => {
      const at = { host: '127.0.0.1', port: site.ports.https, path, method: 'POST', agent }
      const sent = request({ ...at, headers: { 'content-type': 'text/xml; charset=utf-8', ...headers } })
      sent.on('error', reject)
      sent.on('response', (response) => {
        const { socket } = response as unknown as { socket: import('node:tls').TLSSocket }
        certificate ??= socket.getPeerCertificate().raw
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const { statusCode: status = 0, headers: got } = response
          resolve({ status, headers: got, bytes, body: bytes.toString(), reused: sent.reusedSocket })
        })
      })
      sent.end(body)
    })
  return {
    post,
    async ntlm(body, quirks, scheme = 'NTLM') {
      const first = await post('', { authorization: `${scheme} ${negotiateMessage.toString('base64')}` })
      const line = first.headers['www-authenticate'] ?? ''
      const [, challenge] = /^(?:NTLM|Negotiate) (\S+)$/.exec(line) ?? []
      if (!challenge) return first
      const message = authenticateMessage(negotiateMessage, Buffer.from(challenge, 'base64'), quirks)
      return post(body, { authorization: `${scheme} ${message.toString('base64')}` })
    },
    endPoint() {
      if (!certificate) throw new Error('nothing was asked yet')
      const algorithm = new X509Certificate(certificate).signatureAlgorithm
      if (!/sha256/i.test(algorithm ?? '')) throw new Error(`the certificate is signed with ${algorithm}`)
      return createHash('sha256').update(certificate).digest()
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

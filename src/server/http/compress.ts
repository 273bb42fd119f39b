import { promisify } from 'node:util'
import { brotliCompress, constants, deflate, gzip } from 'node:zlib'

const smallest = 1024
const compressible = /^(text\/|application\/(json|xml|soap\+xml|javascript))/i

// Cheap levels: answers are made once and sent once.
const encoders = {
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 2 }) as Promise<Buffer>,
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }) as Promise<Buffer>,
  deflate: (bytes: Buffer) => promisify(deflate)(bytes, { level: 2 }) as Promise<Buffer>,
}
type Encoding = keyof typeof encoders

/** The encoding an Accept-Encoding header likes best (RFC 9110 12.5.3), of those we have; undefined = send it as it is. */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  if (!header) return undefined
  let best: Encoding | undefined
  let bestQuality = 0
  const named = new Map<string, number>()
  for (const part of header.slice(0, 1000).toLowerCase().split(',')) {
    const [name, ...parameters] = part.split(';').map((text) => text.trim())
    const quality = parameters.find((text) => text.startsWith('q='))
    if (name) named.set(name, quality ? Number(quality.slice(2)) || 0 : 1)
  }
  for (const encoding of Object.keys(encoders) as Encoding[]) {
    const quality = named.get(encoding) ?? named.get('*') ?? 0
    if (quality > bestQuality) [best, bestQuality] = [encoding, quality]
  }
  return best
}

/** Compresses a body over 1 KB of a compressible type, when the client takes it and it gets smaller. */
export async function compressed(
  body: Buffer,
  contentType: string,
  acceptEncoding: string | undefined,
): Promise<{ body: Buffer; encoding?: Encoding }> {
  if (body.length <= smallest || !compressible.test(contentType)) return { body }
  const encoding = acceptedEncoding(acceptEncoding)
  if (!encoding) return { body }
  const smaller = await encoders[encoding](body)
  return smaller.length < body.length ? { body: smaller, encoding } : { body }
}

import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, deflate, deflateSync, gzip, gzipSync } from 'node:zlib'

const smallest = 1024
/** Bodies up to here take some 100 µs at once; the way to another thread and back costs several times that. */
const small = 16 * 1024
const compressible = /^(text\/|application\/(json|xml|soap\+xml|javascript))/i

// Cheap levels: answers are made once and sent once.
const level = { level: 2 }
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }
const encoders = {
  gzip: { atOnce: (bytes: Buffer) => gzipSync(bytes, level), aside: (bytes: Buffer) => promisify(gzip)(bytes, level) },
  br: {
    atOnce: (bytes: Buffer) => brotliCompressSync(bytes, quality),
    aside: (bytes: Buffer) => promisify(brotliCompress)(bytes, quality),
  },
  deflate: { atOnce: (bytes: Buffer) => deflateSync(bytes, level), aside: (bytes: Buffer) => promisify(deflate)(bytes, level) },
} satisfies Record<string, { atOnce(bytes: Buffer): Buffer; aside(bytes: Buffer): Promise<Buffer> }>
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
  const { atOnce, aside } = encoders[encoding]
  const smaller = body.length <= small ? atOnce(body) : await aside(body)
  return smaller.length < body.length ? { body: smaller, encoding } : { body }
}

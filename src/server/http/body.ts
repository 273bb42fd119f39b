import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Holding } from '#access'
import { Refusal } from '#model'

type Inflate = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
const decoders: Record<string, Inflate> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

const busy = () => new Refusal('ServerBusy', 'Too much is being sent to the server at once. Try again in a few seconds.')
const tooBig = (limit: number) => new Refusal('RequestStreamTooBig', `A request body has at most ${limit} bytes here.`, { limit })

/**
 * Reads a request's body, decompressed, never holding more than `limit` bytes, for which it takes room from the
 * holding; its caller gives that back. Longer → RequestStreamTooBig (the rest is left unread); no room → ServerBusy; unknown or
 * broken Content-Encoding → InvalidRequest; the client gone → RequestAborted.
 */
export async function readBody(request: IncomingMessage, limit: number, holding: Holding): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooBig(limit)
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const decode = encoding === 'identity' || encoding === '' ? undefined : decoders[encoding]
  if (!decode && encoding !== 'identity' && encoding !== '') {
    throw new Refusal('InvalidRequest', `Content-Encoding ${encoding.slice(0, 40)} is not known here; send gzip, deflate, br or none.`)
  }
  const raw = await collect(request, limit, holding)
  if (!decode || raw.length === 0) return raw
  try {
    const body = await decode(raw, { maxOutputLength: limit })
    if (!holding.take(body.length)) throw busy()
    return body
  } catch (error) {
    if (error instanceof Refusal) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooBig(limit)
    throw new Refusal('InvalidRequest', `The body is not ${encoding}: ${(error as Error).message}`)
  }
}

/**
 * Reads a body that nobody will look at and keeps none of it, so that the connection can go on. Bounded like `readBody`, which it
 * refuses like.
 */
export async function discardBody(request: IncomingMessage, limit: number): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooBig(limit)
  await collect(request, limit, undefined)
}

/** The bytes of a body; without a holding they are read and not kept. */
function collect(request: IncomingMessage, limit: number, holding: Holding | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    const stop = () => request.off('data', take).off('end', done).off('close', gone).pause()
    const take = (part: Buffer) => {
      size += part.length
      if (size > limit) {
        stop()
        reject(tooBig(limit))
      } else if (holding?.take(part.length) === false) {
        stop()
        reject(busy())
      } else if (holding) parts.push(part)
    }
    const done = () => {
      stop()
      resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
    }
    const gone = () => {
      stop()
      reject(new Refusal('RequestAborted', 'The client went away before its request was whole.'))
    }
    request.on('data', take).on('end', done).on('close', gone)
    if (request.readableEnded) done()
    else if (request.destroyed) gone()
  })
}

const lingerBytes = 32 * 1024 * 1024
const lingerTime = 2000

/**
 * Reads on and throws away for a moment after a refusal, so that a client still sending sees the answer and not a reset
 * connection. Bounded in bytes and time.
 */
export function linger(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let size = 0
    const stop = () => {
      clearTimeout(timer)
      request.off('data', take).off('end', stop).off('close', stop).pause()
      resolve()
    }
    const take = (part: Buffer) => {
      size += part.length
      if (size > lingerBytes) stop()
    }
    const timer = setTimeout(stop, lingerTime)
    request.on('data', take).on('end', stop).on('close', stop)
  })
}

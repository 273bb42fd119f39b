import type { Holding } from '#access'
import { Refusal } from '#model'
import type { SMTPServerDataStream } from 'smtp-server'

/**
 * The bytes of a DATA command, dots unstuffed, else unchanged. Larger than `limit` → MessageSizeExceeded once the client has finished,
 * without keeping what is beyond the limit; a client that sends twice the limit is cut off. No room in memory → ServerBusy, likewise.
 */
export async function readMessage(stream: SMTPServerDataStream, limit: number, holding: Holding, cutOff: () => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let crowded = false
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    crowded ||= !holding.take(chunk.length)
    if (stream.sizeExceeded || crowded) chunks.length = 0
    else chunks.push(chunk)
    if (chunks.length === 0) holding.release()
    if (stream.byteLength > limit * 2) {
      cutOff()
      break
    }
  }
  if (stream.sizeExceeded) throw new Refusal('MessageSizeExceeded', `The message is larger than ${limit} bytes.`, { limit })
  if (crowded) throw new Refusal('ServerBusy', 'Too much mail is coming in at once; try again later.')
  return Buffer.concat(chunks)
}

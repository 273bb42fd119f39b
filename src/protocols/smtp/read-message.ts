import type { Holding } from '#access'
import { Refusal } from '#model'
import type { SMTPServerDataStream } from 'smtp-server'
import { tooLarge } from './receiving.ts'

/**
 * The bytes of a DATA command, dots unstuffed, else unchanged. Larger than `limit` → MessageSizeExceeded once the client has finished,
 * without keeping what is beyond the limit; a client that sends twice the limit is cut off. No room in memory → ServerBusy, likewise.
 * `alive` hears of every piece.
 */
export async function readMessage(
  stream: SMTPServerDataStream,
  limit: number,
  holding: Holding,
  cutOff: () => void,
  alive: () => void,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let crowded = false
  const exceeds = () => stream.sizeExceeded || stream.byteLength > limit
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    crowded ||= !holding.take(chunk.length)
    alive()
    if (exceeds() || crowded) chunks.length = 0
    else chunks.push(chunk)
    if (chunks.length === 0) holding.release()
    if (stream.byteLength > limit * 2) {
      cutOff()
      break
    }
  }
  if (exceeds()) throw tooLarge(limit)
  if (crowded) throw new Refusal('ServerBusy', 'Too much mail is coming in at once; try again later.')
  return Buffer.concat(chunks)
}

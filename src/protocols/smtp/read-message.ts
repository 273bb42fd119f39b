import { Refusal } from '#model'
import type { SMTPServerDataStream } from 'smtp-server'

/**
 * The bytes of a DATA command, dots unstuffed, else unchanged. Larger than `limit` → MessageSizeExceeded once the client has finished,
 * without keeping what is beyond the limit; a client that sends twice the limit is cut off.
 */
export async function readMessage(stream: SMTPServerDataStream, limit: number, cutOff: () => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!stream.sizeExceeded) chunks.push(chunk)
    else chunks.length = 0
    if (stream.byteLength > limit * 2) {
      cutOff()
      break
    }
  }
  if (stream.sizeExceeded) throw new Refusal('MessageSizeExceeded', `The message is larger than ${limit} bytes.`, { limit })
  return Buffer.concat(chunks)
}

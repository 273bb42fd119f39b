import { Refusal } from '#model'

/** Text or bytes, cut anywhere. Bytes are UTF-8, or what their byte order mark says (UTF-8, UTF-16). */
export type TextSource = AsyncIterable<string | Uint8Array>

/**
 * The text of a source in pieces, without byte order mark. Refuses ScriptLimit when it is longer than `most` (characters, or bytes of bytes) and
 * ScriptProblem for bytes that are no text.
 */
export async function* textOf(source: TextSource, what: string, most: number): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let held = new Uint8Array(0)
  let size = 0
  let begun = false
  const decode = (bytes: Uint8Array, last: boolean): string => {
    decoder ??= new TextDecoder(
      bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8',
      { fatal: true },
    )
    try {
      return decoder.decode(bytes, { stream: !last })
    } catch (error) {
      throw new Refusal('ScriptProblem', `${what} is not text in ${decoder.encoding}: ${(error as Error).message}.`)
    }
  }
  for await (const piece of source) {
    size += piece.length
    if (size > most) throw new Refusal('ScriptLimit', `${what} is larger than ${most} characters, the most that is read.`, { limit: most })
    if (typeof piece === 'string') {
      yield begun ? piece : piece.replace(/^\ufeff/, '')
      begun ||= piece.length > 0
    } else if (decoder) yield decode(piece, false)
    else {
      held = concatenated(held, piece)
      if (held.length > 1) yield decode(held, false)
    }
  }
  if (!decoder && held.length) yield decode(held, false)
  if (decoder) yield decode(new Uint8Array(0), true)
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

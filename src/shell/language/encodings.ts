import { Thing, type Value } from '../values.ts'
import { cast, toText } from './convert.ts'

/** `[Text.Encoding]::UTF8` and its like: bytes of a text and back. */
export const encodingType = 'System.Text.Encoding'

const names: Readonly<Record<string, string>> = { utf8: 'utf-8', default: 'utf-8', unicode: 'utf-16le', ascii: 'us-ascii' }

/** Those of `[Text.Encoding]::`, by their names in lower case. */
export const encodings: Readonly<Record<string, () => Value>> = Object.fromEntries(
  Object.entries(names).map(([name, web]) => [name, () => new Thing([['WebName', web]], [encodingType], `${encodingType}: ${web}`)]), // prettier-ignore
)

type Method = (self: Thing, args: readonly Value[]) => Value

export const encodingMethods: Readonly<Record<string, Method>> = {
  getbytes: (self, [text]) => encoded(toText(text ?? ''), toText(self.get('WebName') ?? '')),
  getstring: (self, [bytes]) =>
    new TextDecoder(toText(self.get('WebName') ?? ''), { ignoreBOM: true }).decode(cast(bytes ?? null, 'byte[]') as Uint8Array),
}

function encoded(text: string, name: string): Uint8Array {
  if (name === 'utf-8') return new TextEncoder().encode(text)
  if (name === 'us-ascii') return Uint8Array.from(text, (letter) => (letter.charCodeAt(0) < 128 ? letter.charCodeAt(0) : 63))
  const units = Uint8Array.from({ length: text.length * 2 }, (_, at) => (text.charCodeAt(at >> 1) >> (at % 2 === 0 ? 0 : 8)) & 255)
  return units
}

/** A text as filters compare it: without regard to case, in one form of its accents, as the store can hold it. */
export function foldedText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').normalize('NFC').toLowerCase().replaceAll('ς', 'σ')
}

/** By code point, as the store sorts. */
export function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

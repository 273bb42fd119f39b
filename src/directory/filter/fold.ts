/** A text as filters compare it: without regard to case, in one form of its accents, as the store can hold it. */
export function foldedText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').normalize('NFC').toLowerCase().replaceAll('ς', 'σ')
}

/** By code point, as the store sorts. */
export function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** `*` stands for any text. */
export function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return text === pattern
  const last = rest.pop()!
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

/**
 * Words as the text index keeps them: letters and digits, without accents and case, each behind the head of the mailbox id,
 * so that one mailbox's words lie together and a search costs what that mailbox holds. Scripts written without spaces
 * are kept character by character.
 */
const word = /[\p{L}\p{N}]+/gu
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Characters of a word that count; longer words are cut, in the text and in the question alike. */
const wordLength = 40
/** Bytes of distinct words that are kept of one item (PostgreSQL allows 1 MiB). */
const wordBytes = 600_000
/** Characters of text that are looked at. */
const textLength = 4_000_000

/** The distinct tokens of a text, in index form. */
export function tokensOf(mailbox: string, text: string): string[] {
  const head = mailbox
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(0, 12)
    .toLowerCase()
  const found = new Set<string>()
  const plain = text
    .slice(0, textLength)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  let bytes = 0
  for (const [match] of plain.matchAll(word)) {
    for (const part of unspaced.test(match) ? match : [match]) {
      const token = head + [...part.slice(0, 2 * wordLength)].slice(0, wordLength).join('')
      if (found.has(token)) continue
      bytes += Buffer.byteLength(token) + 1
      if (bytes > wordBytes) return [...found]
      found.add(token)
    }
  }
  return [...found]
}

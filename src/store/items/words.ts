/**
 * Words as the text index keeps them: letters and digits, without accents and case, each behind the head of the mailbox id,
 * so that one mailbox's words lie together and a search costs what that mailbox holds. Scripts written without spaces
 * are kept character by character.
 */
const asciiWord = /[a-z0-9]+/g
const beyondAscii = /[^\x00-\x7f]/
const marks = /\p{M}+/gu
const word = /[\p{L}\p{N}]+/gu
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Characters of a word that count; longer words are cut, in the text and in the question alike. */
const wordLength = 40
/** Bytes of distinct words that are kept of one item, counted generously (PostgreSQL allows 1 MiB). */
const wordBytes = 900_000
/** Characters of text that are looked at. */
const textLength = 4_000_000

/** The distinct tokens of a text, in index form. */
export function tokensOf(mailbox: string, text: string): string[] {
  const head = mailbox
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(0, 12)
    .toLowerCase()
  const found = new Set<string>()
  let bytes = 0
  for (const part of wordsOf(text.length > textLength ? text.slice(0, textLength) : text)) {
    if (found.has(part)) continue
    bytes += head.length + 3 * part.length + 1
    if (bytes > wordBytes) break
    found.add(part)
  }
  return Array.from(found, (part) => head + part)
}

function wordsOf(text: string): string[] {
  // Most text is ASCII and needs no folding but its case.
  if (!beyondAscii.test(text)) return (text.toLowerCase().match(asciiWord) ?? []).map(cut)
  const plain = text.normalize('NFKD').replace(marks, '').toLowerCase()
  return (plain.match(word) ?? []).flatMap((part) => (unspaced.test(part) ? [...part] : cut(part)))
}

function cut(part: string): string {
  return part.length > wordLength ? [...part.slice(0, 2 * wordLength)].slice(0, wordLength).join('') : part
}

/**
 * Words as the text index keeps them: letters and digits, without accents and case, each behind the head of the mailbox id and the
 * mark of the field it stands in, so that one mailbox's words lie together, a field can be asked alone, and a search costs what
 * that mailbox holds. Scripts written without spaces are kept character by character.
 */
import type { TextField } from '#model'
import type { ItemRow, SearchText } from '../contract.ts'

const asciiWord = /[a-z0-9]+/g
const beyondAscii = /[^\x00-\x7f]/
const marks = /\p{M}+/gu
const word = /[\p{L}\p{N}]+/gu
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Letters that no decomposition takes apart, as people without them type them. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n', ĸ: 'k',
} // prettier-ignore
const special = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'g')

/** Characters that are part of no word, one for each field. */
const fieldMarks: Readonly<Record<TextField, string>> = {
  subject: '¡',
  from: '¢',
  to: '£',
  cc: '¤',
  body: '¥',
  attachment: '¦',
  category: '§',
  other: '©',
}
const allFields = Object.keys(fieldMarks) as TextField[]

/** Characters of a word that count; longer words are cut, in the text and in the question alike. */
const wordLength = 40
/** Bytes of distinct words that are kept of one item, counted generously (PostgreSQL allows 1 MiB). */
const wordBytes = 900_000
/** Characters of one field that are looked at. */
const textLength = 4_000_000
/** Words of one question that count. */
const mostAsked = 200

/** A question to the text index. A token is whole, or the beginning of what is looked for. */
export type TextQuery = { and: TextQuery[]; without?: TextQuery[] } | { or: TextQuery[] } | { token: string; prefix: boolean }

/** The text an item is found by: what was given for it, and its head. */
export function wordsOfItem(item: Pick<ItemRow, 'subject' | 'fromName' | 'displayTo' | 'displayCc'>, text: SearchText): SearchText {
  const head: SearchText = { subject: item.subject, from: item.fromName, to: item.displayTo, cc: item.displayCc }
  const all = { ...text }
  for (const [field, own] of Object.entries(head) as [TextField, string][]) all[field] = `${own}\n${text[field] ?? ''}`
  return all
}

/** The distinct tokens of an item's text, in index form: small fields first, since of a very long text the end is left out. */
export function tokensOf(mailbox: string, text: SearchText): string[] {
  const head = headOf(mailbox)
  const fields = allFields.filter((field) => text[field]).sort((a, b) => (text[a]?.length ?? 0) - (text[b]?.length ?? 0))
  const found: string[] = []
  let bytes = 0
  for (const field of fields) {
    const before = head + fieldMarks[field]
    for (const part of new Set(wordsOf((text[field] ?? '').slice(0, textLength)))) {
      bytes += before.length + 3 * part.length + 2
      if (bytes > wordBytes) return found
      found.push(before + part)
    }
  }
  return found
}

/**
 * The question for items that have every word, as a prefix or `whole`, in one of the fields. Items written before fields were kept are
 * found by the words without a mark, wherever they stand. Undefined = there are no words in it.
 */
export function questionOf(mailbox: string, asked: Asked): TextQuery | undefined {
  const marked = markedQuestion(mailbox, asked)
  const old = unmarkedQuestion(mailbox, asked)
  if (!marked || !old) return undefined
  // Word by word: of an item that is only half made anew, each word stands in one form.
  if (!('and' in marked) || !('and' in old)) return { or: [marked, old] }
  return { and: marked.and.map((one, at) => ({ or: [one, old.and[at] ?? one] })) }
}

/** The same for items whose words are kept with their fields. */
export function markedQuestion(mailbox: string, { words, in: fields = allFields, whole = false }: Asked): TextQuery | undefined {
  const head = headOf(mailbox)
  return allOf(
    askedWords(words).map(([part]) => ({ or: fields.map((field) => ({ token: head + fieldMarks[field] + part, prefix: !whole })) })),
  )
}

/** The same for items of older programs: their words have no fields, and their letters are folded less. */
export function unmarkedQuestion(mailbox: string, { words, whole = false }: Asked): TextQuery | undefined {
  const head = headOf(mailbox)
  return allOf(askedWords(words).map((forms) => ({ or: [...new Set(forms)].map((part) => ({ token: head + part, prefix: !whole })) })))
}

const allOf = (each: TextQuery[]): TextQuery | undefined => (each.length > 1 ? { and: each } : each[0])

/** The words of a question, each as it is kept now and as older programs kept it. */
function askedWords(words: string): [string, string][] {
  const text = words.slice(0, textLength)
  const old = wordsOf(text, false)
  const both = wordsOf(text).map((part, at): [string, string] => [part, old[at] ?? part])
  return [...new Map(both.map((pair) => [pair[0], pair])).values()].slice(0, mostAsked)
}

/** Words that are asked for: in which fields, and whether as they stand. */
export interface Asked {
  words: string
  in?: readonly TextField[]
  whole?: boolean
}

function headOf(mailbox: string): string {
  return mailbox
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(0, 12)
    .toLowerCase()
}

/** @param plainly False = as older programs folded, which left ß, æ, ø and ł as they are. */
function wordsOf(text: string, plainly = true): string[] {
  // Most text is ASCII and needs no folding but its case.
  if (!beyondAscii.test(text)) return (text.toLowerCase().match(asciiWord) ?? []).map(cut)
  const lower = text.normalize('NFKD').replace(marks, '').toLowerCase()
  const plain = plainly ? lower.replace(special, (letter) => plainLetters[letter] ?? letter) : lower
  return (plain.match(word) ?? []).flatMap((part) => (unspaced.test(part) ? [...part] : cut(part)))
}

function cut(part: string): string {
  return part.length > wordLength ? [...part.slice(0, 2 * wordLength)].slice(0, wordLength).join('') : part
}

/** How many columns of a terminal a text takes: combining marks none, East Asian wide characters and emoji two. */

/** Unicode Standard Annex 11: the blocks whose characters are Wide or Fullwidth. */
const wide =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
/** Each takes one column and is a grapheme of its own: Latin letters and what this room adds. */
const plain = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2013\u2026]*$/
const nothing = /^[\p{Mn}\p{Me}\p{Cf}]*$/u
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that `text` takes in a terminal; it holds no line breaks. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += widthOfGrapheme(segment)
  return width
}

function widthOfGrapheme(grapheme: string): number {
  if (nothing.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}

/** `text` in at most `width` columns; what was cut off is shown as `…`. */
export function cut(text: string, width: number): string {
  if (width <= 0) return ''
  if (plain.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`
  return headOf(text, width, true)
}

/** The longest start of `text` that fits; with `ellipsis`, `…` stands for the rest if there is one. */
function headOf(text: string, width: number, ellipsis: boolean): string {
  if (!ellipsis && plain.test(text)) return text.slice(0, width)
  let used = 0
  let shorter = 0
  for (const { segment, index } of graphemes.segment(text)) {
    used += widthOfGrapheme(segment)
    if (used > width) return ellipsis ? `${text.slice(0, shorter)}…` : text.slice(0, index)
    if (used <= width - 1) shorter = index + segment.length
  }
  return text
}

/** `text` made up to `width` columns with spaces; a longer text stays as it is. */
export function pad(text: string, width: number, alignment: Alignment): string {
  const room = Math.max(0, width - widthOf(text))
  if (alignment === 'right') return ' '.repeat(room) + text
  const before = alignment === 'center' ? Math.floor(room / 2) : 0
  return ' '.repeat(before) + text + ' '.repeat(room - before)
}

export type Alignment = 'left' | 'right' | 'center'

/** `text` broken into lines of at most `width` columns, at spaces where there are any; line breaks of its own are kept. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(2, width)))
}

/** Looks at a window of the line at a time, so that a long one takes time as its length. */
function wrapLine(line: string, width: number): string[] {
  const lines: string[] = []
  let at = 0
  for (;;) {
    const window = line.slice(at, at + windowOf(width))
    const isLast = at + window.length === line.length
    if (isLast && widthOf(window) <= width) return [...lines, window]
    const head = headOf(window, width, false) || window.slice(0, 1)
    const space = window[head.length] === ' ' ? head.length : head.lastIndexOf(' ')
    lines.push(space > 0 ? window.slice(0, space) : head)
    at += space > 0 ? space + 1 : head.length
  }
}

/** Characters that hold more than `width` columns, unless most of them are marks. */
export const windowOf = (width: number): number => width * 8 + 32

/**
 * `text` without what could drive a terminal: control characters are shown as their pictures (`␛`), line breaks and tabs stay, marks that
 * turn the direction of writing are shown as `�`. Names of objects are chosen by strangers.
 */
export function harmless(text: string): string {
  if (plain.test(text)) return text
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\x0b-\x1f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

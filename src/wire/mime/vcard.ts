import { decodeText } from './charset.ts'
import { decodeTransfer } from './transfer.ts'

/** One line of a card: `TEL;TYPE=HOME,VOICE:+1` (RFC 2426; 2.1 and RFC 6350 are read too). */
export interface CardLine {
  /** Upper case, without a group. */
  name: string
  /** Upper-case words of TYPE, bare parameters of 2.1 included. */
  types: string[]
  params: Record<string, string>
  /** The value as it stands, transfer encoding undone, backslashes not. */
  value: string
  /** Content of a base64 value. */
  bytes?: Uint8Array
}

const limits = { characters: 8_000_000, lines: 5000 }

/** The lines of the first card of a text. Never throws; lines that are none are left out. */
export function parseVCard(text: string): CardLine[] {
  const lines: CardLine[] = []
  let inside = false
  for (const line of unfoldCard(text.slice(0, limits.characters))) {
    const read = readLine(line)
    if (!read) continue
    if (read.name === 'BEGIN') inside = true
    else if (read.name === 'END') break
    else if (inside && lines.length < limits.lines) lines.push(read)
  }
  return lines
}

/** The line of a card, or the card of an agent (2.1) on the line itself or the one before, that begins or ends a card. */
const marks = /^((?:[\w-]+\.)?AGENT(?:;[^:]*)?:)?(?:(BEGIN|END):VCARD)?\s*$/i

/**
 * The cards of a text, each from its BEGIN to its END; cards of agents within cards (2.1) are left out. `broken` are those that begin and do not end.
 * Never throws.
 */
export function splitVCards(text: string): { cards: string[]; broken: number } {
  const cards: string[] = []
  let broken = 0
  let open: string[] = []
  let depth = 0
  let isAgent = false
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, agent, word] = marks.exec(line) ?? []
    const mark = word?.toUpperCase()
    if (mark === 'BEGIN' && depth > 0 && !isAgent && !agent) {
      broken += 1
      open = []
      depth = 0
    }
    if (mark === 'BEGIN') depth += 1
    isAgent = agent !== undefined && mark === undefined
    if (depth === 1) open.push(line)
    if (mark !== 'END' || depth === 0) continue
    depth -= 1
    if (depth > 0) continue
    cards.push(open.join('\r\n'))
    open = []
  }
  return { cards, broken: broken + (depth > 0 ? 1 : 0) }
}

/** Joins folded lines (RFC 2426 2.6), and quoted-printable ones that end with `=` (2.1). */
function unfoldCard(text: string): string[] {
  const out: string[] = []
  let soft = false
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = out.length - 1
    if (last >= 0 && soft) out[last] = out[last]!.slice(0, -1) + line
    else if (last >= 0 && /^[ \t]/.test(line)) out[last] += line.slice(1)
    else out.push(line)
    soft = line.endsWith('=') && /ENCODING=QUOTED-PRINTABLE/i.test(out.at(-1)!.slice(0, 200))
  }
  return out
}

function readLine(line: string): CardLine | undefined {
  const head = /^((?:[^":]|"[^"]*")*):/.exec(line.slice(0, 4096))
  if (!head) return undefined
  const [first = '', ...rest] = (head[1] ?? '').match(/(?:[^";]|"[^"]*")+/g) ?? []
  const name = first.replace(/^.*\./, '').trim().toUpperCase()
  if (!/^[A-Z0-9-]+$/.test(name)) return undefined
  const params: Record<string, string> = {}
  const types: string[] = []
  for (const parameter of rest) {
    const [key = '', value] = split(parameter, '=')
    if (value === undefined || key.toUpperCase() === 'TYPE') types.push(...(value ?? key).replaceAll('"', '').toUpperCase().split(','))
    else params[key.toUpperCase()] = value.replace(/^"|"$/g, '')
  }
  return { name, types, params, ...content(line.slice(head[0].length), params, types) }
}

function content(value: string, params: Record<string, string>, types: string[]): { value: string; bytes?: Uint8Array } {
  const encoding = (params['ENCODING'] ?? types.find((type) => /^(QUOTED-PRINTABLE|BASE64|B)$/.test(type)) ?? '').toUpperCase()
  if (encoding === 'B' || encoding === 'BASE64') return { value, bytes: Buffer.from(value, 'base64') }
  const inline = /^data:[^;,]*;base64,/i.exec(value)
  if (inline) return { value, bytes: Buffer.from(value.slice(inline[0].length), 'base64') }
  if (encoding === 'QUOTED-PRINTABLE')
    return { value: decodeText(decodeTransfer(Buffer.from(value, 'utf8'), 'quoted-printable'), params['CHARSET']) }
  return { value }
}

function split(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** The fields of a structured value (`N`, `ADR`, `ORG`), unescaped. */
export function cardFields(value: string, separator = ';'): string[] {
  const fields: string[] = ['']
  for (let at = 0; at < value.length; at++) {
    const mark = value[at] as string
    if (mark === '\\' && at + 1 < value.length) fields[fields.length - 1] += /n/i.test(value[++at] as string) ? '\n' : (value[at] as string)
    else if (mark === separator) fields.push('')
    else fields[fields.length - 1] += mark
  }
  return fields.map((field) => field.trim())
}

/** A plain value, unescaped. */
export function cardText(value: string): string {
  return cardFields(value, '\0').join('')
}

/**
 * A card of version 3.0 (RFC 2426): lines folded at 75 bytes, CRLF. Fields of structured values are given apart; empty lines are left
 * out.
 */
export function formatVCard(lines: { name: string; types?: string[]; fields: string[]; bytes?: Uint8Array }[]): string {
  const out = ['BEGIN:VCARD', 'VERSION:3.0']
  for (const { name, types = [], fields, bytes } of lines) {
    if (!bytes && fields.every((field) => field === '')) continue
    const parameters = (bytes ? ';ENCODING=b' : '') + (types.length > 0 ? `;TYPE=${types.join(',')}` : '')
    const value = bytes ? Buffer.from(bytes).toString('base64') : fields.map(escapeField).join(';')
    out.push(`${name}${parameters}:${value}`)
  }
  return [...out, 'END:VCARD', ''].map(fold).join('\r\n')
}

function escapeField(field: string): string {
  return field.replace(/[\\;,]/g, (mark) => `\\${mark}`).replace(/\r\n?|\n/g, '\\n')
}

function fold(line: string): string {
  const rows: string[] = []
  let row = ''
  let size = 0
  for (const character of line) {
    const bytes = Buffer.byteLength(character)
    if (size + bytes > 75) {
      rows.push(row)
      row = ' '
      size = 1
    }
    row += character
    size += bytes
  }
  return [...rows, row].join('\r\n')
}

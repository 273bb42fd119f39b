/** A query cut into what its grammar knows. A value keeps the sign before it (`>=`, `<`, `=`, `<>`). */
export type Token =
  | { is: '(' }
  | { is: ')' }
  | { is: 'and' | 'or' | 'not' }
  /** `from:`, with the name in lower case; what it says follows. */
  | { is: 'field'; name: string }
  | { is: 'value'; text: string; quoted: boolean; sign: Sign }

export type Sign = '' | '=' | '<>' | '<' | '<=' | '>' | '>='

/** Characters of a query that are read. */
const longest = 10_000

const piece =
  /\s+|(?<bracket>[()])|(?<field>[A-Za-z][A-Za-z-]*):(?=\S)|(?<sign><=|>=|<>|≤|≥|=|<|>)?(?:"(?<quoted>[^"]*)"?|(?<bare>[^\s()"]+))|(?<rest>.)/gsu
/** Without a letter or digit there is nothing to look for. */
const meaning = /[\p{L}\p{N}]/u
const keywords: Readonly<Record<string, 'and' | 'or' | 'not'>> = { AND: 'and', '&&': 'and', OR: 'or', '||': 'or', NOT: 'not' }
const signs: Readonly<Record<string, Sign>> = { '≤': '<=', '≥': '>=' }

/** A field whose value is compared without a colon, as KQL has it: `size>1000`, `received>=2030-03-04`. */
const compared = /(?<![\p{L}\p{N}_"-])([A-Za-z][A-Za-z-]*)(?=<=|>=|<>|[≤≥=<>])/gu

/** Cuts a query. Every text is one: what fits nothing is left out. `isField` says which names before a colon are fields. */
export function tokensOf(query: string, isField: (name: string) => boolean): Token[] {
  const tokens: Token[] = []
  const text = query.slice(0, longest).replace(compared, (name) => (isField(name.toLowerCase()) ? `${name}:` : name))
  for (const { groups = {} } of text.matchAll(piece)) {
    const { bracket, field, sign = '', quoted, bare } = groups
    if (bracket) tokens.push({ is: bracket as '(' | ')' })
    else if (field !== undefined) {
      const name = field.toLowerCase()
      tokens.push(isField(name) ? { is: 'field', name } : { is: 'value', text: field, quoted: false, sign: '' })
    } else if (quoted !== undefined || bare !== undefined) tokens.push(...valueTokens(sign, quoted, bare ?? ''))
  }
  return tokens
}

function valueTokens(sign: string, quoted: string | undefined, bare: string): Token[] {
  const known = signs[sign] ?? (sign as Sign)
  if (quoted !== undefined) return !meaning.test(quoted) ? [] : [{ is: 'value', text: quoted.trim(), quoted: true, sign: known }]
  const keyword = sign === '' ? keywords[bare] : undefined
  if (keyword) return [{ is: keyword }]
  // `-word` leaves items out, `+word` is the word itself.
  const text = bare.replace(/^[+-](?=[^\d\s])/, '').replace(/\*+$/, '')
  if (!meaning.test(text)) return []
  const value: Token = { is: 'value', text, quoted: false, sign: known }
  return bare.startsWith('-') && text !== bare ? [{ is: 'not' }, value] : [value]
}

/**
 * Reads as much of PowerShell as the module is written in, and refuses the rest: comments of one line, strings in single quotes, brackets. Here-
 * strings, strings in double quotes, block comments and back-ticks are not in it, so nothing in a text can end a string or a line.
 */
export interface Token {
  kind: 'comment' | 'string' | 'open' | 'close' | 'code'
  text: string
  line: number
  /** How many brackets are open around it. */
  depth: number
}

/** PowerShell takes these for a single quote, and those for a double one (about_Quoting_Rules). */
const single = /['\u2018-\u201B]/
const double = /["\u201C-\u201E]/
const pairs: Record<string, string> = { '{': '}', '(': ')', '[': ']' }

export function readPowerShell(source: string): Token[] {
  const tokens: Token[] = []
  const open: string[] = []
  let line = 1
  let code = ''
  const flush = () => {
    if (code.trim()) tokens.push({ kind: 'code', text: code.trim(), line, depth: open.length })
    code = ''
  }
  for (let at = 0; at < source.length;) {
    const start = at
    const character = source[at]!
    const fail = (what: string): never => {
      throw new Error(`line ${line}: ${what} in ${JSON.stringify(source.slice(Math.max(0, start - 30), start + 30))}`)
    }
    if (character === '`') fail('a back-tick')
    else if (double.test(character)) fail('a double quote')
    else if (source.startsWith('<#', at)) fail('a block comment')
    else if (character === '@' && single.test(source[at + 1] ?? '')) fail('a here-string')
    else if (character === '#') {
      flush()
      at = source.indexOf('\n', at)
      tokens.push({ kind: 'comment', text: source.slice(start, at).trimEnd(), line, depth: open.length })
    } else if (single.test(character)) {
      flush()
      let text = ''
      for (at++; ; at++) {
        if (at >= source.length || source[at] === '\n') fail('a string without end')
        if (!single.test(source[at]!)) text += source[at]!
        else if (single.test(source[at + 1] ?? '')) text += source[at++]!
        else break
      }
      at++
      tokens.push({ kind: 'string', text, line, depth: open.length })
    } else if (pairs[character]) {
      flush()
      tokens.push({ kind: 'open', text: character, line, depth: open.length })
      open.push(character)
      at++
    } else if (Object.values(pairs).includes(character)) {
      flush()
      if (pairs[open.pop() ?? ''] !== character) fail(`${character} closes nothing`)
      tokens.push({ kind: 'close', text: character, line, depth: open.length })
      at++
    } else {
      if (character === '\n') {
        flush()
        line++
      }
      code += character
      at++
    }
  }
  flush()
  if (open.length > 0) throw new Error(`${open.join(' ')} open at the end`)
  return tokens
}

/** The functions at the top, by name, each with its tokens. The same name twice is an error. */
export function functionsOf(tokens: readonly Token[]): Map<string, Token[]> {
  const found = new Map<string, Token[]>()
  let name: string | undefined
  for (const token of tokens) {
    const begun = token.depth === 0 && token.kind === 'code' ? /^function ([A-Za-z]+-[A-Za-z0-9]+)$/.exec(token.text) : undefined
    if (begun) {
      name = begun[1]!
      if (found.has(name)) throw new Error(`${name} is there twice`)
      found.set(name, [])
    } else if (name) found.get(name)!.push(token)
    if (token.kind === 'close' && token.depth === 0 && token.text === '}') name = undefined
  }
  return found
}

import { Refusal } from '#model'
import { operators, type FilterTree, type FilterValue, type Operator } from './contract.ts'

const mostCharacters = 10_000
const mostComparisons = 200
const deepest = 30

interface Token {
  kind: 'open' | 'close' | 'operator' | 'word' | 'text' | 'end'
  text: string
  /** From 0. */
  at: number
}

const dashes = '-\u2013\u2014\u2015'
const quotes = ["'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e']

/**
 * Reads an OPATH filter, as -Filter of Exchange's cmdlets takes it: comparisons `Property -eq 'value'` joined by -and, -or, -not (or `!`) and
 * parentheses, the whole perhaps in braces. As in PowerShell, -and and -or are of equal rank and read from left to right. Values are 'text',
 * "text", a number, a plain word, $true, $false or $null. What is not so, other variables, more than 200 comparisons or 30 parentheses within
 * each other → InvalidParameter with `position`.
 */
export function readFilterText(text: string): FilterTree {
  if (text.length > mostCharacters) throw problem(`it has more than ${mostCharacters} characters`, mostCharacters)
  return createParser(tokensOf(text)).whole()
}

function createParser(tokens: readonly Token[]) {
  let next = 0
  let comparisons = 0
  const peek = () => tokens[next]!
  const take = () => tokens[next++]!
  const isOperator = (...names: string[]) => peek().kind === 'operator' && names.includes(peek().text)

  function whole(): FilterTree {
    const tree = either(0)
    if (peek().kind !== 'end') throw strange(peek(), '-and, -or or the end')
    return tree
  }

  function either(depth: number): FilterTree {
    let tree = one(depth)
    while (isOperator('and', 'or')) {
      const word = take().text
      const right = one(depth)
      if (word === 'and') tree = { and: 'and' in tree ? [...tree.and, right] : [tree, right] }
      else tree = { or: 'or' in tree ? [...tree.or, right] : [tree, right] }
    }
    return tree
  }

  function one(depth: number): FilterTree {
    if (depth > deepest) throw problem(`more than ${deepest} parentheses are within each other`, peek().at)
    if (isOperator('not')) {
      take()
      return { not: one(depth + 1) }
    }
    if (peek().kind !== 'open') return comparison()
    const open = take()
    const tree = either(depth + 1)
    if (peek().kind !== 'close') {
      if (peek().kind === 'end') throw problem(`'${open.text}' is not closed`, open.at)
      throw strange(peek(), '-and, -or or a closing parenthesis')
    }
    const close = take()
    if ((open.text === '(') !== (close.text === ')')) throw problem(`'${close.text}' closes '${open.text}'`, close.at)
    // A tree in parentheses stands for itself: what follows does not go into it.
    return 'not' in tree || 'property' in tree ? tree : { and: [tree] }
  }

  function comparison(): FilterTree {
    const property = take()
    if (property.kind !== 'word' || !/^[A-Za-z][A-Za-z0-9]*$/.test(property.text)) throw strange(property, 'a property')
    const operator = take()
    if (operator.kind !== 'operator' || !isComparison(operator.text)) throw strange(operator, 'a comparison (-eq, -ne, -like, …)')
    if (++comparisons > mostComparisons) throw problem(`it has more than ${mostComparisons} comparisons`, property.at)
    return { property: property.text, operator: operator.text, value: value(take()), position: property.at + 1 }
  }

  return { whole }
}

const isComparison = (text: string): text is Operator => (operators as readonly string[]).includes(text)

function value(token: Token): FilterValue {
  if (token.kind === 'text') return token.text
  if (token.kind !== 'word') throw strange(token, 'a value')
  const { text } = token
  if (text.startsWith('$')) {
    const constant = { $true: true, $false: false, $null: null }[text.toLowerCase()]
    if (constant === undefined) throw problem(`the variable ${text.slice(0, 60)} is not known here: write its value instead`, token.at)
    return constant
  }
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : text
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at]!
    if (/\s/.test(character)) at++
    else if ('({'.includes(character)) tokens.push({ kind: 'open', text: character, at: at++ })
    else if (')}'.includes(character)) tokens.push({ kind: 'close', text: character, at: at++ })
    else if (character === '!') tokens.push({ kind: 'operator', text: 'not', at: at++ })
    else {
      const quote = quotes.find((each) => each.includes(character))
      const token = quote ? quoted(text, at, quote) : plain(text, at)
      tokens.push(token)
      at = token.end
    }
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

/** Text in quotes; the quote doubled stands for itself. In double quotes a variable would be replaced: those are refused by name. */
function quoted(text: string, start: number, quote: string): Token & { end: number } {
  let read = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!
    if (quote.includes(character)) {
      if (!quote.includes(text[at + 1] ?? ' ')) return { kind: 'text', text: read, at: start, end: at + 1 }
      at++
    } else if (character === '$' && quote.startsWith('"')) {
      const variable = /^\$[\p{L}_{(][\p{L}\p{N}_:.]*/u.exec(text.slice(at, at + 60))?.[0]
      if (variable) throw problem(`the variable ${variable} is not known here: write its value instead`, at)
    }
    read += character
  }
  throw problem('the quote is not closed', start)
}

function plain(text: string, start: number): Token & { end: number } {
  const dash = dashes.includes(text[start]!) && /[A-Za-z]/.test(text[start + 1] ?? '')
  let end = start + 1
  while (end < text.length && !/[\s(){}'"\u2018-\u201e]/.test(text[end]!)) end++
  const word = text.slice(start, end)
  return dash ? { kind: 'operator', text: word.slice(1).toLowerCase(), at: start, end } : { kind: 'word', text: word, at: start, end }
}

function strange({ kind, text, at }: Token, expected: string): Refusal {
  if (kind === 'end') return problem(`${expected} is missing at the end`, at)
  return problem(`'${kind === 'operator' ? '-' : ''}${text.slice(0, 40)}' stands where ${expected} is expected`, at)
}

/** What cannot be read, with where it stands. */
export function problem(what: string, at: number): Refusal {
  return new Refusal('InvalidParameter', `The filter cannot be read at character ${at + 1}: ${what}.`, {
    parameter: 'Filter',
    position: at + 1,
  })
}

/**
 * The Advanced Query Syntax of QueryString ([MS-OXWSSRCH] 2.2.4.23) and KqlQuery: words, "phrases", `field:value`, ranges, AND, OR,
 * NOT and parentheses. AND binds more than OR, and stands between what nothing stands between.
 */
import { Refusal, type Restriction } from '#model'
import type { QueryTime } from './dates.ts'
import { dateFields, fieldRules, wordsIn, type FieldRule, type Said } from './fields.ts'
import { tokensOf, type Token } from './tokens.ts'

/** What a query may have: terms, and brackets in brackets. */
export const queryLimits = { terms: 500, depth: 32 } as const

/**
 * A query as a restriction; undefined = it asks for nothing. What it does not understand is a word. Beyond the limits →
 * SearchQueryHasTooManyKeywords.
 */
export function parseQuery(text: string, time: QueryTime): Restriction | undefined {
  const tokens = tokensOf(text, (name) => Object.hasOwn(fieldRules, name))
  if (tokens.filter(({ is }) => is === 'value').length > queryLimits.terms) throw tooMuch()
  return createParser(tokens, time).whole()
}

/** The terms of a query, each by itself as it is counted: its text, and what it asks. At most `limit`, each once. */
export function keywordsOf(text: string, time: QueryTime, limit: number): { keyword: string; restriction: Restriction }[] {
  const tokens = tokensOf(text, (name) => Object.hasOwn(fieldRules, name))
  const found = new Map<string, Restriction>()
  tokens.forEach((token, at) => {
    if (token.is !== 'value' || found.size >= limit) return
    const before = tokens[at - 1]
    const name = before?.is === 'field' ? before.name : undefined
    const said = token.quoted ? `"${token.text}"` : token.text
    const keyword = name === undefined ? said : `${name}:${token.sign}${said}`
    const restriction = (name === undefined ? wordsIn() : (fieldRules[name] ?? wordsIn()))(token, time)
    if (restriction) found.set(keyword, restriction)
  })
  return [...found].map(([keyword, restriction]) => ({ keyword, restriction }))
}

function tooMuch(): Refusal {
  const { terms, depth } = queryLimits
  return new Refusal('SearchQueryHasTooManyKeywords', `A query has at most ${terms} terms, in brackets at most ${depth} deep.`)
}

function createParser(tokens: readonly Token[], time: QueryTime) {
  let at = 0
  let depth = 0

  /** Runs one level deeper. */
  function deeper<T>(read: () => T): T {
    if (++depth > queryLimits.depth) throw tooMuch()
    const result = read()
    depth--
    return result
  }

  function either(rule: FieldRule | undefined): Restriction | undefined {
    const parts = [both(rule)]
    while (tokens[at]?.is === 'or') {
      at++
      parts.push(both(rule))
    }
    return joined(parts, (or) => ({ or }))
  }

  function both(rule: FieldRule | undefined): Restriction | undefined {
    const parts: (Restriction | undefined)[] = []
    for (;;) {
      const token = tokens[at]
      if (!token || token.is === 'or' || token.is === ')') break
      if (token.is === 'and') at++
      else parts.push(one(rule))
    }
    return joined(parts, (and) => ({ and }))
  }

  function one(rule: FieldRule | undefined): Restriction | undefined {
    const token = tokens[at++]
    switch (token?.is) {
      case 'not': {
        const next = tokens[at]
        if (!next || next.is === ')' || next.is === 'or' || next.is === 'and') return undefined
        const inner = deeper(() => one(rule))
        return inner && { not: inner }
      }
      case '(': {
        const inner = deeper(() => either(rule))
        if (tokens[at]?.is === ')') at++
        return inner
      }
      case 'field': {
        const next = tokens[at]
        if (next?.is !== '(' && next?.is !== 'value') return undefined
        const period = dateFields.has(token.name) && next.is === 'value' ? periodAt(next, tokens[at + 1]) : undefined
        if (period) {
          at += 2
          return said(period, fieldRules[token.name])
        }
        return deeper(() => one(fieldRules[token.name]))
      }
      case 'value':
        return said(token, rule)
      default:
        return undefined
    }
  }

  function said(value: Said, rule: FieldRule | undefined): Restriction | undefined {
    return (rule ?? wordsIn())(value, time) ?? wordsIn()(value, time)
  }

  return {
    whole(): Restriction | undefined {
      const parts: (Restriction | undefined)[] = []
      while (at < tokens.length) {
        parts.push(either(undefined))
        // A bracket that closes nothing.
        if (tokens[at]?.is === ')') at++
      }
      return joined(parts, (and) => ({ and }))
    },
  }
}

/** `last week` without quotes is one value. */
function periodAt(first: Said, second: Token | undefined): Said | undefined {
  if (second?.is !== 'value' || first.quoted || second.quoted || second.sign !== '') return undefined
  if (!/^(last|past|previous|this|current|next|coming)$/i.test(first.text) || !/^(week|month|year)$/i.test(second.text)) return undefined
  return { ...first, text: `${first.text} ${second.text}` }
}

function joined(parts: (Restriction | undefined)[], join: (parts: Restriction[]) => Restriction): Restriction | undefined {
  const there = parts.filter((part) => part !== undefined)
  return there.length > 1 ? join(there) : there[0]
}

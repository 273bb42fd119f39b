import type { Limits } from '../contract.ts'
import { operand, typeName } from './parse-expression.ts'
import { argument } from './parse-command.ts'
import { statement, statements } from './parse-statement.ts'
import { Parser, type Grammar } from './parser.ts'
import type { Body, Check, Expression, ParameterNode, Script } from './tree.ts'

const grammar: Grammar = { statement, statements, body, argument, parameters }

/** Reads a script. What cannot be read → ScriptProblem, what is left out → NotInLanguage, too long or too deep → ScriptLimit. */
export function parse(text: string, limits: Limits): Script {
  const parser = new Parser(text, grammar, limits)
  if (text.length > limits.script)
    throw parser.limit('script', `a script has at most ${limits.script} characters; this one has ${text.length}`)
  return { text, body: body(parser, '') }
}

/** Attributes, `param(…)`, then statements or `begin`, `process` and `end`. */
function body(parser: Parser, end: string): Body {
  const found: Body = { parameters: [], end: [], at: parser.at }
  parser.skip(true)
  const mark = parser.at
  while (parser.looksAt(/\[\s*(?:cmdletbinding|outputtype|alias|diagnostics\.|suppressmessage)/iy)) {
    const one = attribute(parser)
    if (one.name === 'cmdletbinding') found.binding = bindingOf(one)
    while (parser.skip(true) || parser.take(';'));
  }
  if (parser.takeWord('param')) found.parameters = parameters(parser)
  else parser.at = mark
  while (parser.skip(true) || parser.take(';'));
  if (!parser.looksAt(/(?:begin|process|end)\s*\{/iy)) {
    found.end = statements(parser, end)
    return found
  }
  return parts(parser, found, end)
}

function parts(parser: Parser, found: Body, end: string): Body {
  for (;;) {
    while (parser.skip(true) || parser.take(';'));
    if (parser.done || (end !== '' && parser.starts(end))) break
    const word = parser.takeMatch(/(begin|process|end)(?=\s*\{)/iy)?.[1]!.toLowerCase() as 'begin' | 'process' | 'end' | undefined
    if (!word) throw parser.strange("'begin', 'process', 'end' or the end of the block")
    parser.expect('{', 'before a block')
    found[word] = parser.deeper(() => statements(parser, '}'))
  }
  if (end !== '') parser.expect(end, 'at the end of a block')
  return found
}

/** `( [type]$name = value, … )` */
function parameters(parser: Parser): ParameterNode[] {
  parser.expect('(', 'before parameters')
  const found: ParameterNode[] = []
  for (;;) {
    parser.skip(true)
    if (parser.take(')')) return found
    if (found.length > 0) parser.expect(',', 'between parameters')
    found.push(parameter(parser))
  }
}

function parameter(parser: Parser): ParameterNode {
  const found: ParameterNode = {
    name: '',
    mandatory: false,
    fromPipeline: false,
    fromProperty: false,
    aliases: [],
    checks: [],
    at: parser.at,
  }
  for (;;) {
    parser.skip(true)
    if (parser.peek() !== '[') break
    if (parser.looksAt(/\[\s*[\p{L}\p{N}_.]+\s*\(/uy)) apply(parser, attribute(parser), found)
    else found.type = typeName(parser)
  }
  found.at = parser.at
  const name = parser.takeMatch(/\$([\p{L}_][\p{L}\p{N}_]*)/uy)
  if (!name) throw parser.strange('the name of a parameter ($name)')
  found.name = name[1]!
  parser.skip(true)
  if (parser.take('=')) {
    parser.skip(true)
    found.initial = parser.deeper(() => operand(parser))
  }
  return found
}

interface Attribute {
  name: string
  values: Expression[]
  named: Map<string, Expression | true>
  at: number
}

/** `[Name(value, Name=value)]` */
function attribute(parser: Parser): Attribute {
  const at = parser.at
  const head = parser.takeMatch(/\[\s*([\p{L}\p{N}_.]+)\s*/uy)
  const found: Attribute = {
    name: head![1]!
      .toLowerCase()
      .split('.')
      .at(-1)!
      .replace(/attribute$/, ''),
    values: [],
    named: new Map(),
    at,
  }
  if (parser.take('(')) {
    for (;;) {
      parser.skip(true)
      if (parser.take(')')) break
      const named = parser.takeMatch(/([\p{L}_]+)\s*(=?)\s*(?=[,)$'"\d{(@[-])/uy)
      if (named) found.named.set(named[1]!.toLowerCase(), named[2] ? operand(parser) : true)
      else found.values.push(operand(parser))
      parser.skip(true)
      if (!parser.take(',') && parser.peek() !== ')') throw parser.strange("',' or ')'")
    }
  }
  parser.expect(']', 'after an attribute')
  return found
}

const measured: Readonly<Record<string, 'range' | 'length' | 'count'>> = {
  validaterange: 'range',
  validatelength: 'length',
  validatecount: 'count',
}
/** Attributes that ask for nothing to be done here. */
const quietAttributes = ['allownull', 'allowemptystring', 'allowemptycollection', 'supportswildcards', 'psdefaultvalue']

function bindingOf({ named }: Attribute): NonNullable<Body['binding']> {
  const impact = named.get('confirmimpact')
  const isHigh = typeof impact === 'object' && impact.kind === 'literal' && /^high$/i.test(String(impact.value))
  return { asks: isOnIn(named, 'supportsshouldprocess'), asksAlways: isHigh }
}

/** What an attribute says of its parameter. */
function apply(parser: Parser, { name, values, named, at }: Attribute, target: ParameterNode): void {
  const isOn = (word: string) => isOnIn(named, word)
  const check = (one: Check) => void target.checks.push(one)
  const literals = values.map((value) => (value.kind === 'literal' ? value.value : undefined))
  const ranged = values.map((value) => (value.kind === 'literal' ? Number(value.value) : Number.NaN))
  if (name === 'parameter') {
    target.mandatory ||= isOn('mandatory')
    target.fromPipeline ||= isOn('valuefrompipeline')
    target.fromProperty ||= isOn('valuefrompipelinebypropertyname')
    const position = named.get('position')
    if (typeof position === 'object' && position.kind === 'literal') target.position = Number(position.value)
  } else if (name === 'alias') target.aliases.push(...literals.map(String))
  else if (name === 'validateset') check({ kind: 'set', values: literals.map(String) })
  else if (name === 'validatenotnullorempty' || name === 'validatenotnullorwhitespace') check({ kind: 'notEmpty' })
  else if (name === 'validatenotnull') check({ kind: 'notNull' })
  else if (name === 'validatepattern') check({ kind: 'pattern', pattern: String(literals[0]) })
  else if (ranged.length === 2 && Object.hasOwn(measured, name)) check({ kind: measured[name]!, least: ranged[0]!, most: ranged[1]! })
  else if (name === 'validatescript' && values[0]?.kind === 'block') check({ kind: 'script', block: values[0] })
  else if (!quietAttributes.includes(name)) throw parser.leftOut(`the attribute [${name}] is`, at)
}

const isOnIn = (named: Attribute['named'], word: string) => named.has(word) && isTrue(named.get(word)!)

function isTrue(value: Expression | true): boolean {
  return (
    value === true ||
    (value.kind === 'variable' && value.name.toLowerCase() === 'true') ||
    (value.kind === 'literal' && Boolean(value.value))
  )
}

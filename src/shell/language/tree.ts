import type { Value } from '../values.ts'

/** The tree of a script. `at` is the offset in its text. */
export interface Script {
  readonly text: string
  readonly body: Body
}

/** What stands in a script, a function or a script block. */
export interface Body {
  parameters: ParameterNode[]
  /** `[CmdletBinding(…)]`: unknown parameters are refused; with `SupportsShouldProcess` it takes -WhatIf and -Confirm. */
  binding?: { asks: boolean; asksAlways: boolean }
  /** `$_` runs through `process`; plain statements are the `end`. */
  begin?: Statement[]
  process?: Statement[]
  end: Statement[]
  /** Of a block that `filter` declared, or without param and named parts: nothing else is asked of it. */
  at: number
}

export interface ParameterNode {
  name: string
  type?: string
  initial?: Expression
  mandatory: boolean
  position?: number
  fromPipeline: boolean
  fromProperty: boolean
  aliases: string[]
  checks: Check[]
  at: number
}

export type Check =
  | { kind: 'set'; values: string[] }
  | { kind: 'notEmpty' }
  | { kind: 'notNull' }
  | { kind: 'pattern'; pattern: string }
  | { kind: 'range' | 'length' | 'count'; least: number; most: number }
  | { kind: 'script'; block: BlockNode }

export type Statement =
  | PipelineNode
  | { kind: 'assign'; target: Expression; operator: string; value: Statement; at: number }
  | { kind: 'if'; branches: { condition: Statement; body: Statement[] }[]; otherwise?: Statement[]; at: number }
  | { kind: 'while'; condition: Statement; body: Statement[]; label?: string; at: number }
  | { kind: 'do'; condition: Statement; until: boolean; body: Statement[]; label?: string; at: number }
  | { kind: 'for'; first?: Statement; condition?: Statement; next?: Statement; body: Statement[]; label?: string; at: number }
  | { kind: 'foreach'; variable: string; over: Statement; body: Statement[]; label?: string; at: number }
  | SwitchNode
  | { kind: 'try'; body: Statement[]; catches: { types: string[]; body: Statement[] }[]; last?: Statement[]; at: number }
  | { kind: 'function'; name: string; block: BlockNode; at: number }
  | { kind: 'return'; value?: Statement; at: number }
  | { kind: 'throw'; value?: Statement; at: number }
  | { kind: 'exit'; value?: Statement; at: number }
  | { kind: 'break'; label?: string; at: number }
  | { kind: 'continue'; label?: string; at: number }

export interface SwitchNode {
  kind: 'switch'
  mode: 'equal' | 'wildcard' | 'regex'
  exact: boolean
  over: Statement
  cases: { test: Expression; body: Statement[] }[]
  otherwise?: Statement[]
  label?: string
  at: number
}

export interface PipelineNode {
  kind: 'pipeline'
  elements: Element[]
  at: number
}

export type Element = ExpressionElement | CommandNode

export interface ExpressionElement {
  kind: 'value'
  expression: Expression
  redirections: Redirection[]
  at: number
}

export interface CommandNode {
  kind: 'command'
  /** Text when it is known before the script runs. */
  name: string | Expression
  /** `&` and `.`. */
  call?: '&' | '.'
  arguments: Argument[]
  redirections: Redirection[]
  at: number
}

export type Argument =
  | { kind: 'value'; value: Expression; at: number }
  | { kind: 'parameter'; name: string; value?: Expression; at: number }
  | { kind: 'splat'; variable: string; at: number }

export interface Redirection {
  /** 1 output, 2 errors, 3 warnings, 4 verbose, 5 debug, 6 information; `*` all. */
  stream: string
  append: boolean
  /** Absent = into the output (`2>&1`). */
  file?: Expression
  at: number
}

export type Expression =
  | { kind: 'literal'; value: Value; at: number }
  | { kind: 'text'; parts: (string | Expression)[]; at: number }
  | { kind: 'variable'; scope?: string; name: string; at: number }
  | { kind: 'list'; items: Expression[]; at: number }
  | { kind: 'array'; body: Statement[]; at: number }
  | { kind: 'sub'; body: Statement[]; at: number }
  | { kind: 'group'; body: Statement; at: number }
  | { kind: 'table'; entries: { key: Expression; value: Statement }[]; at: number }
  | BlockNode
  | { kind: 'type'; name: string; at: number }
  | { kind: 'cast'; type: string; operand: Expression; at: number }
  | { kind: 'member'; object: Expression; name: Expression; isStatic: boolean; at: number }
  | { kind: 'call'; object: Expression; name: Expression; isStatic: boolean; arguments: Expression[]; at: number }
  | { kind: 'index'; object: Expression; index: Expression; at: number }
  | { kind: 'unary'; operator: string; operand: Expression; at: number }
  | { kind: 'step'; target: Expression; by: 1 | -1; prefix: boolean; at: number }
  | BinaryNode

export interface BinaryNode {
  kind: 'binary'
  /** Lower case, without the prefix for the case: `eq`, `+`, `..`. */
  operator: string
  /** `-ceq`: with regard to case. */
  exact: boolean
  left: Expression
  right: Expression
  at: number
}

export interface BlockNode {
  kind: 'block'
  body: Body
  /** The text between the braces. */
  source: string
  at: number
}

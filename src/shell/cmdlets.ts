import type { Value } from './values.ts'

/** A parameter as the shell knows it: what binds, completes and helps. */
export interface ParameterDescription {
  name: string
  /** Of the registry's types: `string`, `switch`, `identity`, `enum`, … */
  type: string
  mandatory?: boolean
  many?: boolean
  /** Takes `@{Add=…; Remove=…}`. */
  changes?: boolean
  nullable?: boolean
  values?: readonly string[]
  /** Least and most, as one writes them. */
  range?: { readonly least?: string; readonly most?: string }
  aliases?: readonly string[]
  position?: number
  /** Takes the objects of a pipeline: by value when nothing else is said, or the property of this name of each. */
  pipeline?: boolean
  summary?: string
  default?: string
}

/** A cmdlet of a server as the shell knows it. */
export interface CmdletDescription {
  name: string
  summary: string
  parameters: readonly ParameterDescription[]
  /** Type name of what it gives. */
  returns?: string
  /** Columns of `Format-Table` for that type, by default. */
  columns?: readonly string[]
  /** Knows `-WhatIf` and `-Confirm`. */
  changes: boolean
  /** Is asked before it is done. */
  destroys?: boolean
  examples?: readonly { command: string; says: string }[]
  roles?: readonly string[]
}

export interface Progress {
  activity: string
  status?: string
  percent?: number
  secondsRemaining?: number
  done?: boolean
}

export interface Invocation {
  signal: AbortSignal
  warn(text: string): void
  progress(record: Progress): void
}

/** Where cmdlets run: a server, near or far. The shell binds names of parameters and asks for confirmation; the server checks everything again. */
export interface CmdletHost {
  /** Every cmdlet that the caller may run. */
  describe(): Promise<readonly CmdletDescription[]>
  /** Runs one; refusals are thrown as `Refusal`. Objects come as they are made; leaving the loop or `signal` ends it on the server too. */
  invoke(name: string, parameters: ReadonlyMap<string, Value>, invocation: Invocation): AsyncIterable<Value>
}

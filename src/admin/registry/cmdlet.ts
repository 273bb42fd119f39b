import type { Configuration, Directory } from '#directory'
import type { Caller, Instant } from '#model'
import type { KeyRing } from '#trust'
import type { Arguments, Parameters } from './parameter.ts'

/** What a cmdlet works with. */
export interface CmdletContext {
  readonly caller: Caller
  /** GUID of the organisation the caller administers. */
  readonly organisation: string
  readonly directory: Directory
  readonly configuration: Configuration
  readonly keyRing: KeyRing
  readonly clock: () => Instant
  /** Tells the caller something that hinders nothing. */
  readonly warn: (message: string) => void
  readonly signal: AbortSignal
}

/** What `run` may give: objects as they come, a list, one, or nothing. */
export type CmdletOutput = AsyncIterable<object> | Promise<readonly object[] | object | undefined | void>

export interface CmdletRow<P extends Parameters> {
  /** One sentence. */
  readonly summary: string
  /** Management roles that hold it; `Organization Management` holds every cmdlet. */
  readonly roles: readonly string[]
  readonly parameters: P
  /** Name of the kind of object it gives; absent = nothing. */
  readonly returns?: string
  /** Takes something away: whoever can be asked is asked before. */
  readonly destroys?: boolean
  run(args: Arguments<P>, context: CmdletContext): CmdletOutput
}

/** A row of the registry without the types of its parameters, with its name. */
export interface Cmdlet extends Omit<CmdletRow<Parameters>, 'run'> {
  readonly name: string
  /** Knows `-WhatIf` and `-Confirm`: every verb but those that only look. */
  readonly changes: boolean
  run(args: Readonly<Record<string, unknown>>, context: CmdletContext): CmdletOutput
}

const looking = ['Get', 'Test', 'Search', 'Measure', 'Export']

/**
 * Declares a cmdlet: one row, from which binding, rights, audit, the manifest and the documents derive. The name is Verb-Noun; a parameter
 * is `mandatory(…)` or `optional(…)` of a type of `parameter.ts`.
 */
export function cmdlet<P extends Parameters>(name: string, row: CmdletRow<P>): Cmdlet {
  return {
    ...row,
    name,
    changes: !looking.includes(name.split('-', 1)[0] ?? ''),
    run: (args, context) => row.run(args as Arguments<P>, context),
  }
}

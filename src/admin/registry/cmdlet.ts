import type { Rights, Roles } from '#access'
import type { Configuration, Directory, Recipient } from '#directory'
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
  readonly roles: Roles
  /** What the caller may do; absent = the server itself, which may do everything. */
  readonly rights?: Rights
  readonly clock: () => Instant
  /** Tells the caller something that hinders nothing. */
  readonly warn: (message: string) => void
  /** Tells how far long work is: the shell shows a bar. `progressOf` keeps it to a bearable rate. */
  readonly progress: (record: ProgressRecord) => void
  /** Whether somebody sees the progress: what costs something only to be told is not done for nobody. */
  readonly followed: boolean
  /** Runs another cmdlet as the same caller, with the caller's rights and in the audit log by itself; its objects. Refuses what that refuses. */
  readonly invoke: (name: string, args: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>[]>
  /**
   * Refuses a recipient that the caller's roles do not let this cmdlet change (OutOfScope), or who holds rights that the caller does not
   * (AccessDenied). What goes through `directory` is checked there.
   */
  readonly mayChange: (recipient: Recipient) => Promise<void>
  readonly signal: AbortSignal
}

/** How far long work is. */
export interface ProgressRecord {
  activity: string
  status?: string
  /** 0 to 100; absent = not known. */
  percent?: number
  /** As far as it can be guessed. */
  secondsRemaining?: number
  done?: boolean
}

/** A use of a cmdlet, for `Get-Help` and the documents: runs as printed in the lab, unless it says what it needs. */
export interface Example {
  readonly command: string
  readonly says: string
}

/** What `run` may give: objects as they come, a list, one, or nothing. */
export type CmdletOutput = AsyncIterable<object> | Promise<readonly object[] | object | undefined | void>

export interface CmdletRow<P extends Parameters> {
  /** One sentence. */
  readonly summary: string
  /** Management roles that hold it, with all its parameters where `roles/limited-entries.ts` does not say less. */
  readonly roles: readonly string[]
  readonly parameters: P
  /** Name of the kind of object it gives; absent = nothing. */
  readonly returns?: string
  /** Takes something away: whoever can be asked is asked before. */
  readonly destroys?: boolean
  /**
   * Changes who may do what, or opens somebody's mail: asks for a second factor shown not long ago. A list = with one of these parameters alone.
   */
  readonly dangerous?: boolean | readonly string[]
  readonly examples?: readonly Example[]
  run(args: Arguments<P>, context: CmdletContext): CmdletOutput
  /** What `-WhatIf` shows beside the sentence that it says: what `run` would give, as far as that is known. Changes nothing. */
  preview?(args: Arguments<P>, context: CmdletContext): CmdletOutput
}

/** A row of the registry without the types of its parameters, with its name. */
export interface Cmdlet extends Omit<CmdletRow<Parameters>, 'run' | 'preview'> {
  readonly name: string
  /** Knows `-WhatIf` and `-Confirm`: every verb but those that only look. */
  readonly changes: boolean
  run(args: Readonly<Record<string, unknown>>, context: CmdletContext): CmdletOutput
  preview?(args: Readonly<Record<string, unknown>>, context: CmdletContext): CmdletOutput
}

const looking = ['Get', 'Test', 'Search', 'Measure', 'Export']

/**
 * Declares a cmdlet: one row, from which binding, rights, audit, the manifest and the documents derive. The name is Verb-Noun; a parameter
 * is `mandatory(…)` or `optional(…)` of a type of `parameter.ts`.
 */
export function cmdlet<P extends Parameters>(name: string, row: CmdletRow<P>): Cmdlet {
  const { preview, ...others } = row
  return {
    ...others,
    name,
    changes: !looking.includes(name.split('-', 1)[0] ?? ''),
    run: (args, context) => row.run(args as Arguments<P>, context),
    ...(preview ? { preview: (args, context) => preview(args as Arguments<P>, context) } : {}),
  }
}

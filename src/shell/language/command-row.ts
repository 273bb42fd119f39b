import type { ParameterDescription } from '../cmdlets.ts'
import type { Bound } from './bind.ts'
import type { Frame } from './runtime.ts'
import type { Value } from '../values.ts'

/** A command that runs in the shell itself: one row, from which binding, completion and help derive. */
export interface CommandRow {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly parameters: readonly ParameterDescription[]
  readonly examples?: readonly { command: string; says: string }[]
  /** Objects of the pipeline go in as they come; what it gives goes on at once. */
  run(call: CommandCall): AsyncIterable<Value>
}

export interface CommandCall {
  readonly given: Bound
  /** What comes through the pipeline, or the elements of `-InputObject`. */
  readonly input: AsyncIterable<Value>
  /** False when nothing is piped in and no `-InputObject` is given. */
  readonly isPiped: boolean
  readonly frame: Frame
  /** The name under which it was called. */
  readonly name: string
}

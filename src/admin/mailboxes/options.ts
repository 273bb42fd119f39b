import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { requireShort } from './mailbox-for.ts'

type Taken = take.Parameter<unknown, 'optional'>

/** One option of a mailbox that is kept as it was given: its parameter, and what holds before anybody set it. */
export interface Option {
  readonly parameter: Taken
  readonly usual: unknown
  /** Characters of a text, or entries of a list. */
  readonly most?: number
}

export type Options = Readonly<Record<string, Option>>

export const flag = (usual: boolean, summary: string): Option => ({ parameter: take.optional(take.boolean(), { summary }), usual })
export const word = <const V extends string>(values: readonly V[], usual: V, summary: string): Option => ({
  parameter: take.optional(take.oneOf(values), { summary }),
  usual,
})
export const text = (most: number, usual: string, summary: string): Option => ({
  parameter: take.optional(take.nullable(take.string()), { summary }),
  usual,
  most,
})
export const whole = (least: number, largest: number, usual: number, summary: string): Option => ({
  parameter: take.optional(take.within(take.number(), least, largest), { summary }),
  usual,
})
export const texts = (most: number, summary: string): Option => ({
  parameter: take.optional(take.nullable(take.listChange(take.string())), { summary }),
  usual: [],
  most,
})

/** The parameters of a table of options. */
export function parametersOf(options: Options): Record<string, Taken> {
  return Object.fromEntries(Object.entries(options).map(([name, { parameter }]) => [name, parameter]))
}

/** Characters of one entry of a list. */
const longestEntry = 320

/**
 * The options as they are after a change: only those that somebody set are kept; `$null` takes one back. What is too long or too
 * many → InvalidParameter.
 */
export function changedOptions(options: Options, current: unknown, args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = { ...(current as Record<string, unknown> | undefined) }
  for (const [name, option] of Object.entries(options)) {
    const given = args[name]
    if (given === undefined) continue
    if (given === null) delete kept[name]
    else kept[name] = checked(name, option, kept[name] ?? option.usual, given)
  }
  return kept
}

function checked(name: string, { usual, most = 0 }: Option, current: unknown, given: unknown): unknown {
  if (Array.isArray(usual)) {
    const list = take.changedList(current as string[], given as take.ListChange<string>)
    for (const entry of list) requireShort(name, entry, longestEntry)
    if (list.length <= most) return list
    throw new Refusal('InvalidParameter', `-${name} has ${list.length} entries; ${most} are kept at most.`, { parameter: name })
  }
  return typeof given === 'string' && most > 0 ? requireShort(name, given, most) : given
}

/** The options as they hold: as set, else as usual. */
export function shownOptions(options: Options, current: unknown): Record<string, unknown> {
  const set = (current ?? {}) as Record<string, unknown>
  return Object.fromEntries(Object.entries(options).map(([name, { usual }]) => [name, set[name] ?? usual]))
}

/** Names the options of `args` that are kept without any effect yet. */
export function warnOfKept(
  { warn }: CmdletContext,
  cmdletName: string,
  args: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const said = names.filter((name) => args[name] !== undefined)
  if (said.length > 0) warn(`${cmdletName} keeps ${said.map((name) => `-${name}`).join(', ')}; nothing acts upon it yet.`)
}

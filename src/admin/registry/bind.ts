import { nearest, Refusal } from '#model'
import type { Cmdlet } from './cmdlet.ts'
import { boolean, number, optional, string, switched, Unfit, type Parameter } from './parameter.ts'

/** Values by the names of parameters as they were written. */
export type Written = Readonly<Record<string, unknown>>

export interface Bound {
  args: Record<string, unknown>
  /** Names of the cmdlet's own parameters that were written. */
  given: string[]
  whatIf: boolean
  /** Undefined = not said. */
  confirm?: boolean
}

const named = <T>(parameter: Parameter<T, 'optional'>, ...aliases: string[]) => optional(parameter, { aliases })
const change = { WhatIf: named(switched(), 'wi'), Confirm: named(switched(), 'cf') } as const
/**
 * Taken by every cmdlet and without effect here: the shell obeys them, and whoever wrote a script for Exchange names them. By their whole
 * names alone.
 */
export const common: Readonly<Record<string, Parameter<unknown>>> = {
  DomainController: string(),
  Force: switched(),
  Verbose: named(boolean(), 'vb'),
  Debug: named(boolean(), 'db'),
  ErrorAction: named(string(), 'ea'),
  WarningAction: named(string(), 'wa'),
  InformationAction: named(string(), 'infa'),
  ProgressAction: named(string(), 'proga'),
  ErrorVariable: named(string(), 'ev'),
  WarningVariable: named(string(), 'wv'),
  InformationVariable: named(string(), 'iv'),
  OutVariable: named(string(), 'ov'),
  OutBuffer: named(number(), 'ob'),
  PipelineVariable: named(string(), 'pv'),
}

interface Named {
  name: string
  parameter: Parameter<unknown>
}

/**
 * Brings what was written to the parameters of the cmdlet: names without regard to case and by a prefix that only one has, defaults. Whatever
 * does not fit → InvalidParameter naming the parameter and what is expected.
 */
export function bind(cmdlet: Cmdlet, written: Written): Bound {
  const given = new Map<string, unknown>()
  for (const [word, value] of Object.entries(written)) {
    const named = parameterNamed(cmdlet, word)
    if (given.has(named.name)) throw unfit(cmdlet, named.name, 'given once', 'it is there twice')
    given.set(named.name, read(cmdlet, named, value ?? null))
  }
  const missing = Object.entries(cmdlet.parameters).filter(([name, { given: need }]) => need === 'mandatory' && !given.has(name))
  if (missing.length > 0) {
    const names = missing.map(([name]) => `-${name}`).join(', ')
    throw new Refusal('InvalidParameter', `${cmdlet.name} needs ${names}.`, { cmdlet: cmdlet.name, parameter: missing[0]![0] })
  }
  return boundOf(cmdlet, given)
}

function boundOf(cmdlet: Cmdlet, given: Map<string, unknown>): Bound {
  const args: Record<string, unknown> = {}
  for (const [name, { fallback }] of Object.entries(cmdlet.parameters)) {
    const value = given.has(name) ? given.get(name) : fallback
    if (value !== undefined) args[name] = value
  }
  const confirm = given.get('Confirm') as boolean | undefined
  const own = Object.keys(cmdlet.parameters).filter((name) => given.has(name))
  return { args, given: own, whatIf: given.get('WhatIf') === true, ...(confirm === undefined ? {} : { confirm }) }
}

/** Every parameter the cmdlet takes, `-WhatIf` and `-Confirm` with them. */
export function parametersOf(cmdlet: Cmdlet): Readonly<Record<string, Parameter<unknown>>> {
  return cmdlet.changes ? { ...cmdlet.parameters, ...change } : cmdlet.parameters
}

/** The parameter that was meant. None, or more than one → InvalidParameter with the names near it. */
export function parameterNamed(cmdlet: Cmdlet, written: string): Named {
  const own = Object.entries(parametersOf(cmdlet))
  const word = written.toLowerCase()
  const all = [...own, ...Object.entries(common)]
  const exact = all.find(([name]) => name.toLowerCase() === word) ?? all.find(([, { aliases }]) => aliases?.some((alias) => alias.toLowerCase() === word)) // prettier-ignore
  if (exact) return { name: exact[0], parameter: exact[1] }
  const starting = word === '' ? [] : own.filter(([name]) => name.toLowerCase().startsWith(word))
  if (starting.length === 1) return { name: starting[0]![0], parameter: starting[0]![1] }
  const names = own.map(([name]) => name)
  const near = (starting.length > 0 ? starting.map(([name]) => name) : nearest(written, names)).map((name) => `-${name}`)
  const shown = written.slice(0, 60)
  const message =
    starting.length > 1
      ? `-${shown} of ${cmdlet.name} can be ${near.join(', ')}: write more of it.`
      : `${cmdlet.name} has no parameter -${shown}.${near.length ? ` Near it: ${near.join(', ')}.` : ''}`
  throw new Refusal('InvalidParameter', message, { cmdlet: cmdlet.name, parameter: shown })
}

function read(cmdlet: Cmdlet, { name, parameter }: Named, value: unknown): unknown {
  if (value === null && !parameter.nullable) throw unfit(cmdlet, name, 'a value', '$null is none')
  try {
    return parameter.read(value)
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    throw unfit(cmdlet, name, parameter.many ? `a list, each ${error.expected}` : error.expected, isSecret(parameter) ? '' : shown(value))
  }
}

/** What the audit log and refusals must not show. */
export const isSecret = ({ type }: Parameter<unknown>) => type === 'secureString' || type === 'credential'

function unfit(cmdlet: Cmdlet, parameter: string, expected: string, what = ''): Refusal {
  const text = `-${parameter} of ${cmdlet.name} must be ${expected}${what ? `: ${what}` : ''}.`
  return new Refusal('InvalidParameter', text, { cmdlet: cmdlet.name, parameter })
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}' is not` : ''
  return text.length > 120 ? '' : text
}

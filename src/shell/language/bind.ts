import { nearest, Refusal } from '#model'
import type { ParameterDescription } from '../cmdlets.ts'
import { Block, type Value } from '../values.ts'
import { cast, toBoolean, toDate, toList, toPlainNumber, toText, toTimeSpan } from './convert.ts'
import type { ArgumentValue } from './runtime.ts'

/** Taken by every command of the shell and of the server (about_CommonParameters). */
export const commonParameters: readonly ParameterDescription[] = [
  { name: 'ErrorAction', type: 'string', aliases: ['ea'], values: ['Continue', 'SilentlyContinue', 'Ignore', 'Stop', 'Inquire'], summary: 'What an error does.' },
  { name: 'WarningAction', type: 'string', aliases: ['wa'], values: ['Continue', 'SilentlyContinue', 'Ignore', 'Stop', 'Inquire'], summary: 'What a warning does.' },
  { name: 'InformationAction', type: 'string', aliases: ['infa'], values: ['Continue', 'SilentlyContinue', 'Ignore', 'Stop'], summary: 'What an information does.' },
  { name: 'ErrorVariable', type: 'string', aliases: ['ev'], summary: 'A variable for the errors; +name adds to it.' },
  { name: 'WarningVariable', type: 'string', aliases: ['wv'], summary: 'A variable for the warnings.' },
  { name: 'OutVariable', type: 'string', aliases: ['ov'], summary: 'A variable for what it gives; +name adds to it.' },
  { name: 'OutBuffer', type: 'number', aliases: ['ob'], summary: 'Has no effect here.' },
  { name: 'Verbose', type: 'switch', aliases: ['vb'], summary: 'Says more.' },
  { name: 'Debug', type: 'switch', aliases: ['db'], summary: 'Says most.' },
] // prettier-ignore
export const changeParameters: readonly ParameterDescription[] = [
  { name: 'WhatIf', type: 'switch', aliases: ['wi'], summary: 'Says what would be done, and does nothing.' },
  { name: 'Confirm', type: 'switch', aliases: ['cf'], summary: 'Asks before it is done; -Confirm:$false does not ask.' },
]

/** Taken with every cmdlet of a server: scripts for Exchange name them. `-Force` does not ask; a domain controller there is none. */
export const serverParameters: readonly ParameterDescription[] = [
  { name: 'Force', type: 'switch', summary: 'Does not ask.' },
  { name: 'DomainController', type: 'string', summary: 'Has no effect here.' },
]

/** What was given, by the names of the parameters. */
export class Bound {
  readonly values = new Map<string, Value>()
  /** Of the common parameters. */
  readonly common = new Map<string, Value>()
  /** Values without a name that found no place (where that is allowed). */
  readonly rest: Value[] = []
  /** Those of `values` that the object of the pipeline gave: the next object gives them anew. */
  readonly piped = new Set<string>()

  has(name: string): boolean {
    return this.values.has(name)
  }
  get(name: string): Value | undefined {
    return this.values.get(name)
  }
  text(name: string): string | undefined {
    const value = this.values.get(name)
    return value === undefined || value === null ? undefined : toText(value)
  }
  number(name: string): number | undefined {
    const value = this.values.get(name)
    return value === undefined || value === null ? undefined : toPlainNumber(value)
  }
  is(name: string): boolean {
    return toBoolean(this.values.get(name) ?? false)
  }
  list(name: string): readonly Value[] {
    return toList(this.values.get(name) ?? null)
  }
}

export interface BindOptions {
  changes?: boolean
  /** A cmdlet of a server. */
  served?: boolean
  /** Values without a place are kept in `rest`; unknown names too, as text (functions without `CmdletBinding`). */
  keepsRest?: boolean
  /** Converts a value to the type of its parameter. */
  converts?: boolean
}

/** Brings what was written to the parameters: names without case, by alias or unique prefix, then by position. Unfit → InvalidParameter. */
export function bind(
  command: string,
  parameters: readonly ParameterDescription[],
  args: readonly ArgumentValue[],
  options: BindOptions = {},
): Bound {
  const bound = new Bound()
  const common = [...commonParameters, ...(options.changes ? changeParameters : []), ...(options.served ? serverParameters : [])]
  const loose: Value[] = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!
    if (arg.kind === 'value') {
      loose.push(arg.value)
      continue
    }
    const found = parameterNamed(command, parameters, common, arg.name, options.keepsRest === true)
    if (!found) {
      bound.rest.push(`-${arg.name}`)
      continue
    }
    const target = common.includes(found) ? bound.common : bound.values
    if (target.has(found.name)) throw unfit(command, found.name, `-${found.name} of ${command} is given twice.`)
    const next = args[index + 1]
    if (arg.hasValue) target.set(found.name, convert(command, found, arg.value!, options))
    else if (found.type === 'switch') target.set(found.name, true)
    else if (next?.kind === 'value') {
      target.set(found.name, convert(command, found, next.value, options))
      index++
    } else throw unfit(command, found.name, `-${found.name} of ${command} needs a value.`)
  }
  byPosition(command, parameters, loose, bound, options)
  return bound
}

function byPosition(
  command: string,
  parameters: readonly ParameterDescription[],
  loose: readonly Value[],
  bound: Bound,
  options: BindOptions,
): void {
  const places = parameters
    .filter(({ name, position }) => position !== undefined && !bound.values.has(name))
    .toSorted((a, b) => a.position! - b.position!)
  for (const value of loose) {
    const index = places.findIndex(
      ({ type }) => type !== 'block' || value instanceof Block || (Array.isArray(value) && value[0] instanceof Block),
    )
    // A block goes to the first place that takes blocks.
    const blockIndex = value instanceof Block ? places.findIndex(({ type }) => type === 'block' || type === 'property') : -1
    const [place] = places.splice(blockIndex >= 0 ? blockIndex : index, index < 0 && blockIndex < 0 ? 0 : 1)
    if (place) bound.values.set(place.name, convert(command, place, value, options))
    else if (options.keepsRest) bound.rest.push(value)
    else throw unfit(command, '', `${command} has no place for the value '${toText(value).slice(0, 60)}' without a parameter's name.`)
  }
}

/** None, or more than one → InvalidParameter with the names near it. */
function parameterNamed(
  command: string,
  parameters: readonly ParameterDescription[],
  common: readonly ParameterDescription[],
  written: string,
  mayMiss: boolean,
): ParameterDescription | undefined {
  const word = written.toLowerCase()
  const all = [...parameters, ...common.filter(({ name }) => !parameters.some((own) => own.name.toLowerCase() === name.toLowerCase()))]
  const exact = all.find(({ name, aliases }) => name.toLowerCase() === word || aliases?.some((alias) => alias.toLowerCase() === word))
  if (exact) return exact
  const starting = all.filter(({ name }) => name.toLowerCase().startsWith(word))
  const own = starting.filter((one) => parameters.includes(one))
  if (own.length === 1) return own[0]
  if (starting.length === 1) return starting[0]
  if (mayMiss && starting.length === 0) return undefined
  const near = (starting.length > 0 ? starting.map(({ name }) => name) : nearest(written, all.map(({ name }) => name))).map((name) => `-${name}`) // prettier-ignore
  const shown = written.slice(0, 60)
  throw unfit(
    command,
    shown,
    starting.length > 1
      ? `-${shown} of ${command} can be ${near.join(', ')}: write more of it.`
      : `${command} has no parameter -${shown}.${near.length > 0 ? ` Near it: ${near.join(', ')}.` : ''}`,
  )
}

type Convert = (value: Value) => Value
const conversions: Readonly<Record<string, Convert>> = {
  string: (value) => toText(value),
  number: (value) => toPlainNumber(value, 'System.Int32'),
  switch: toBoolean,
  boolean: toBoolean,
  date: toDate,
  timeSpan: toTimeSpan,
  guid: (value) => cast(value, 'guid'),
  block: (value) => {
    if (value instanceof Block) return value
    throw new Refusal('InvalidParameter', `A script block { … } is expected, not '${toText(value).slice(0, 60)}'.`)
  },
}

function convert(command: string, parameter: ParameterDescription, value: Value, { converts }: BindOptions): Value {
  if (!converts) {
    checkValues(command, parameter, value)
    return value
  }
  const one = conversions[parameter.type]
  const read = !one || value === null ? value : parameter.many ? toList(value).map(one) : one(value)
  return checkValues(command, parameter, read)
}

/** A word of a list, in whatever case, as the list writes it. */
function checkValues(command: string, { name, values, type }: ParameterDescription, value: Value): Value {
  if (!values || typeof value !== 'string' || (type !== 'string' && type !== 'enum')) return value
  const found = values.find((one) => one.toLowerCase() === value.toLowerCase()) ?? (value === '' ? value : undefined)
  if (found !== undefined) return found
  const unique = values.filter((one) => one.toLowerCase().startsWith(value.toLowerCase()))
  if (unique.length === 1) return unique[0]!
  throw unfit(command, name, `-${name} of ${command} must be one of ${values.join(', ')}: '${value.slice(0, 60)}' is not.`)
}

export function unfit(command: string, parameter: string, message: string): Refusal {
  return new Refusal('InvalidParameter', message, { cmdlet: command, ...(parameter === '' ? {} : { parameter }) })
}

/** Those that must be given and are not → InvalidParameter naming them. */
export function checkMandatory(command: string, parameters: readonly ParameterDescription[], has: (name: string) => boolean): void {
  const missing = parameters.filter(({ name, mandatory }) => mandatory && !has(name)).map(({ name }) => `-${name}`)
  if (missing.length > 0) throw unfit(command, missing[0]!.slice(1), `${command} needs ${missing.join(', ')}.`)
}

/** What a form of a cmdlet asks, derived from the cmdlet's row in the registry. */
import type { CmdletDescription, Given, ParameterDescription, Parameters } from './cmdlets.ts'

const common = new Set(['WhatIf', 'Confirm', 'ReadFromDomainController', 'IgnoreDefaultScope', 'DomainController'])

export interface FormFields {
  /** Shown at once: what must be given, and what is asked first. */
  first: readonly ParameterDescription[]
  more: readonly ParameterDescription[]
}

/** The parameters that people fill in, those of `first` in its order before the others. `without`: what is given already. */
export function formFields(cmdlet: CmdletDescription, first: readonly string[] = [], without: readonly string[] = []): FormFields {
  const asked = cmdlet.parameters.filter(({ name, summary }) => !common.has(name) && !without.includes(name) && !isIdle(summary))
  const isFirst = ({ name, mandatory }: ParameterDescription) => mandatory === true || first.includes(name)
  const rank = ({ name }: ParameterDescription) => (first.includes(name) ? first.indexOf(name) : -1)
  const shown = asked.filter(isFirst).toSorted((a, b) => rank(a) - rank(b))
  const rest = asked.filter((one) => !isFirst(one))
  // Few fields need no second page.
  return rest.length + shown.length <= 10 ? { first: [...shown, ...rest], more: [] } : { first: shown, more: rest }
}

/** Parameters that change nothing: taken for scripts of Exchange alone, or for what is to come. */
const isIdle = (summary: string | undefined) => /^Is (taken for scripts of Exchange|not there yet)/.test(summary ?? '')

/** What an object says for the parameters of its `Set-` cmdlet. */
export const valuesOf = (cmdlet: CmdletDescription, object: Given | undefined): Parameters =>
  object ? Object.fromEntries(cmdlet.parameters.flatMap(({ name }) => (object[name] === undefined ? [] : [[name, object[name]]]))) : {}

/** As it is sent: without lines that are empty. */
export function sent(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]): [string, unknown][] => {
      if (value === undefined) return []
      if (Array.isArray(value)) return [[name, withoutBlanks(value)]]
      if (typeof value === 'object' && value !== null && ('Add' in value || 'Remove' in value)) {
        const parts = Object.entries(value).map(([key, part]) => [key, Array.isArray(part) ? withoutBlanks(part) : part] as const)
        return [[name, Object.fromEntries(parts)]]
      }
      return [[name, value]]
    }),
  )
}

const withoutBlanks = (list: readonly unknown[]) => list.filter((one) => typeof one !== 'string' || one.trim() !== '')

/** Names of parameters that must be given and are not. */
export const missing = (fields: readonly ParameterDescription[], given: Parameters): string[] =>
  fields.filter(({ name, mandatory }) => mandatory && (given[name] === undefined || given[name] === '' || (Array.isArray(given[name]) && given[name].length === 0))).map(({ name }) => name) // prettier-ignore

import { parametersOf } from './registry/bind.ts'
import type { Cmdlet } from './registry/cmdlet.ts'
import type { Parameter } from './registry/parameter.ts'

/** What is public of a cmdlet: its roles and its parameters, each in one line. */
export interface CmdletManifest {
  summary: string
  roles: readonly string[]
  returns?: string
  parameters: Record<string, string>
}

/** The public form of cmdlets, by name: what the golden file freezes and documents derive from. */
export function manifestOf(cmdlets: readonly Cmdlet[]): Record<string, CmdletManifest> {
  return Object.fromEntries(
    cmdlets.map((cmdlet) => [
      cmdlet.name,
      {
        summary: cmdlet.summary,
        roles: cmdlet.roles,
        ...(cmdlet.returns ? { returns: cmdlet.returns } : {}),
        parameters: Object.fromEntries(Object.entries(parametersOf(cmdlet)).map(([name, parameter]) => [name, lineOf(parameter)])),
      },
    ]),
  )
}

function lineOf({ type, many, changes, nullable, values, given, position, pipeline, fallback, range }: Parameter<unknown>): string {
  const kind = values ? values.join('|') : type
  const parts = [many ? `${kind}[]` : kind]
  if (range) parts.push(`${range.least ?? ''}..${range.most ?? ''}`)
  if (changes) parts.push('@{Add;Remove}')
  if (given === 'mandatory') parts.push('mandatory')
  if (nullable) parts.push('$null')
  if (position !== undefined) parts.push(`position ${position}`)
  if (pipeline) parts.push('pipeline')
  if (fallback !== undefined) parts.push(`default ${JSON.stringify(fallback)}`)
  return parts.join(', ')
}

import type { CmdletDescription, ParameterDescription } from '#shell'
import { common, parametersOf } from './bind.ts'
import type { Cmdlet } from './cmdlet.ts'
import type { Parameter } from './parameter.ts'
import { summaryOf } from './summaries.ts'
import { columnsOf } from './views.ts'

/** A cmdlet as shells, forms and documents know it. */
export function describe(cmdlet: Cmdlet): CmdletDescription {
  const { name, summary, roles, returns, changes, destroys, examples } = cmdlet
  const columns = returns === undefined ? undefined : columnsOf(returns)
  return {
    name,
    summary,
    parameters: Object.entries(parametersOf(cmdlet)).map(([parameter, row]) => described(parameter, row)),
    ...(returns === undefined ? {} : { returns }),
    ...(columns ? { columns } : {}),
    changes,
    ...(destroys ? { destroys } : {}),
    ...(examples?.length ? { examples } : {}),
    roles,
  }
}

/** The parameters that every cmdlet takes, as the shell and the documents know them. */
export const commonParameters: readonly ParameterDescription[] = Object.entries(common).map(([name, row]) => described(name, row))

function described(name: string, row: Parameter<unknown>): ParameterDescription {
  const summary = row.summary ?? summaryOf(name)
  const { range } = row
  return {
    name,
    type: row.type,
    ...(row.given === 'mandatory' ? { mandatory: true } : {}),
    ...(row.many ? { many: true } : {}),
    ...(row.changes ? { changes: true } : {}),
    ...(row.nullable ? { nullable: true } : {}),
    ...(row.values ? { values: row.values } : {}),
    ...(row.aliases ? { aliases: row.aliases } : {}),
    ...(range ? { range } : {}),
    ...(row.position === undefined ? {} : { position: row.position }),
    ...(row.pipeline ? { pipeline: true } : {}),
    ...(summary === undefined ? {} : { summary }),
    ...(row.fallback === undefined ? {} : { default: shown(row.fallback) }),
  }
}

const shown = (value: unknown) =>
  value === Number.POSITIVE_INFINITY ? 'Unlimited' : typeof value === 'boolean' ? `$${value}` : String(value)

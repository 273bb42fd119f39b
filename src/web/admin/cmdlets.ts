/** The cmdlets as the admin centre sees them: what the caller may run, and running it. */
import { useQuery } from '@tanstack/react-query'
import { ask, asksFactors, Refused, type Answer } from '../app/api.ts'
import { factorsShown } from './step-ups.ts'

export type CmdletDescription = Answer<'cmdlets'>[number]
export type ParameterDescription = CmdletDescription['parameters'][number]
export type Parameters = Record<string, unknown>
/** An object that a cmdlet gave, with the marks of its types. */
export type Given = Answer<'invokeCmdlet'>['objects'][number]

const most = 5000

/** The cmdlets that the caller may run, by their names in lower case; undefined while they are asked for. */
export function useCmdlets(): ReadonlyMap<string, CmdletDescription> | undefined {
  const { data } = useQuery({ queryKey: ['admin', 'cmdlets'], queryFn: askCmdlets, staleTime: Infinity })
  return data
}

export const askCmdlets = async (): Promise<ReadonlyMap<string, CmdletDescription>> =>
  new Map((await ask('cmdlets', {})).map((one) => [one.name.toLowerCase(), one]))

/** Runs a cmdlet. Where it asks for factors shown not long ago, they are asked for, and it is run again: it has done nothing before. */
export async function invoke(
  name: string,
  parameters: Parameters,
  options: { signal?: AbortSignal } = {},
): Promise<Answer<'invokeCmdlet'>> {
  for (;;) {
    try {
      return await ask('invokeCmdlet', { name, parameters, limit: most }, options)
    } catch (error) {
      if (!(error instanceof Refused) || !asksFactors(error) || !(await factorsShown(error.message))) throw error
    }
  }
}

/** The cmdlets as the admin centre sees them: what the caller may run, and running it. */
import { useQuery } from '@tanstack/react-query'
import type { CmdletLine } from '#protocols/web'
import { ask, asksFactors, post, Refused, type Answer } from '../app/api.ts'
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

/** Runs a cmdlet that lists: its first objects. */
export const invoke = (name: string, parameters: Parameters, options: { signal?: AbortSignal } = {}): Promise<Answer<'invokeCmdlet'>> =>
  withFactors(() => ask('invokeCmdlet', { name, parameters, limit: most }, options))

/** The answer ended before the cmdlet had: what it did is not known. */
export class BrokenOff extends Error {}

/** How far a cmdlet is. */
export type Progress = Extract<CmdletLine, { progress: unknown }>['progress']

/** Runs a cmdlet and tells what comes of it as it comes. What it refuses, also in the middle, is thrown as `Refused`; an answer that ends too early as `BrokenOff`. */
export async function* follow(
  name: string,
  parameters: Parameters,
  options: { signal?: AbortSignal } = {},
): AsyncGenerator<Exclude<CmdletLine, { done: true } | { error: unknown }>> {
  const { body } = await withFactors(() => post('followCmdlet', { name, parameters }, options))
  if (body) {
    for await (const text of linesOf(body)) {
      const line = JSON.parse(text) as CmdletLine
      if ('done' in line) return
      if ('error' in line) throw new Refused(200, line.error.code, line.error.message)
      yield line
    }
  }
  throw new BrokenOff()
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    // Whoever leaves before the end ends the cmdlet.
    await reader.cancel()
  }
}

/** Where factors are wanted that were shown not long ago they are asked for, and it is done again: it has done nothing before. */
async function withFactors<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof Refused) || !asksFactors(error) || !(await factorsShown(error.message))) throw error
    }
  }
}

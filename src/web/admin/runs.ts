/** A cmdlet run over chosen objects, one after the other, with a result for each. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTexts } from '../app/texts.ts'
import { BrokenOff, follow, type Given, type Parameters, type Progress } from './cmdlets.ts'

export interface RunResult {
  /** Empty where the cmdlet is about no object that was chosen. */
  target: string
  error?: string
  warnings: readonly string[]
  /** The first that came. */
  objects: readonly Given[]
}

/** Of one result. */
const mostObjects = 50
const mostWarnings = 100

export interface Runs {
  results: readonly RunResult[]
  total: number
  running: boolean
  /** What the one that runs says of how far it is; and how many objects it gave. */
  progress?: Progress
  given: number
  /** Runs it for each; the results in the end. */
  start: (name: string, each: readonly { target: string; parameters: Parameters }[]) => Promise<readonly RunResult[]>
  /** Ends what runs, and begins with no other. */
  stop: () => void
  forget: () => void
}

export function useRuns(): Runs {
  const queries = useQueryClient()
  const { t } = useTexts()
  const [state, setState] = useState<Pick<Runs, 'results' | 'total' | 'running' | 'progress' | 'given'>>(nothing)
  const controller = useRef(new AbortController())
  return {
    ...state,
    async start(name, each) {
      controller.current = new AbortController()
      const { signal } = controller.current
      const results: RunResult[] = []
      const shown = { total: each.length, running: true, given: 0 }
      setState({ ...shown, results })
      for (const { target, parameters } of each) {
        if (signal.aborted) break
        const hear = (given: number, progress?: Progress) =>
          setState({ ...shown, results: [...results], given, ...(progress && !progress.done ? { progress } : {}) })
        const { error, ...rest } = await runOne(name, target, parameters, signal, hear)
        results.push(error === undefined ? rest : { ...rest, error: error instanceof BrokenOff ? t('admin.brokeOff') : messageOf(error) })
        setState({ ...shown, results: [...results] })
      }
      setState({ ...shown, results, running: false })
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'admin' && queryKey[1] !== 'cmdlets' })
      return results
    },
    stop: () => controller.current.abort(new DOMException(t('admin.stopped'), 'AbortError')),
    forget: () => setState(nothing),
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const nothing = { results: [], total: 0, running: false, given: 0 }

async function runOne(
  name: string,
  target: string,
  parameters: Parameters,
  signal: AbortSignal,
  hear: (given: number, progress?: Progress) => void,
): Promise<Omit<RunResult, 'error'> & { error?: unknown }> {
  const objects: Given[] = []
  const warnings: string[] = []
  let given = 0
  let heard = 0
  try {
    for await (const line of follow(name, parameters, { signal })) {
      if ('object' in line && given++ < mostObjects) objects.push(line.object)
      if ('warning' in line && warnings.length < mostWarnings) warnings.push(line.warning)
      const isDue = 'progress' in line || ('object' in line && performance.now() - heard > 250)
      if (isDue) hear(given, 'progress' in line ? line.progress : undefined)
      if (isDue) heard = performance.now()
    }
    return { target, objects, warnings }
  } catch (error) {
    return { target, objects, warnings, error }
  }
}

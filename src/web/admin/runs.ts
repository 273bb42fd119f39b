/** A cmdlet run over chosen objects, one after the other, with a result for each. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { invoke, type Given, type Parameters } from './cmdlets.ts'

export interface RunResult {
  /** Empty where the cmdlet is about no object that was chosen. */
  target: string
  error?: string
  warnings: readonly string[]
  objects: readonly Given[]
}

export interface Runs {
  results: readonly RunResult[]
  total: number
  running: boolean
  /** Runs it for each; the results in the end. */
  start: (name: string, each: readonly { target: string; parameters: Parameters }[]) => Promise<readonly RunResult[]>
  /** Ends what runs, and begins with no other. */
  stop: () => void
  forget: () => void
}

export function useRuns(): Runs {
  const queries = useQueryClient()
  const [state, setState] = useState<{ results: readonly RunResult[]; total: number; running: boolean }>(nothing)
  const controller = useRef(new AbortController())
  return {
    ...state,
    async start(name, each) {
      controller.current = new AbortController()
      const { signal } = controller.current
      const results: RunResult[] = []
      setState({ results: [], total: each.length, running: true })
      for (const { target, parameters } of each) {
        if (signal.aborted) break
        results.push(await runOne(name, target, parameters, signal))
        setState({ results: [...results], total: each.length, running: true })
      }
      setState({ results, total: each.length, running: false })
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'admin' && queryKey[1] !== 'cmdlets' })
      return results
    },
    stop: () => controller.current.abort(),
    forget: () => setState(nothing),
  }
}

const nothing = { results: [], total: 0, running: false }

async function runOne(name: string, target: string, parameters: Parameters, signal: AbortSignal): Promise<RunResult> {
  try {
    const { objects, warnings } = await invoke(name, parameters, { signal })
    return { target, objects, warnings }
  } catch (error) {
    return { target, objects: [], warnings: [], error: error instanceof Error ? error.message : String(error) }
  }
}

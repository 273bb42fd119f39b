import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { onlineOf, planOf, type Change, type Run } from './run.ts'

export interface StepDone {
  /** As the wizard calls it; `check` is the last one, the cmdlet over all of it. */
  name: string
  state: 'ahead' | 'doing' | 'done' | 'failed'
  changes: readonly Change[]
  records: Answer<'wizardStep'>['records']
  warnings: readonly string[]
}

/**
 * Walks through the steps one by one, and stops at one that fails; `goOn` tries that one again. Every step finds out for itself what is to be
 * done, so that a page that is closed in the middle leaves nothing that the next run does not mend.
 */
export function useUpdate(run: Run) {
  const queries = useQueryClient()
  const [steps, setSteps] = useState<readonly StepDone[]>([])
  const [at, setAt] = useState(0)
  const [failure, setFailure] = useState<string>()
  const asked = useRef({ online: onlineOf(run), plan: planOf(run) }).current
  const tell = useCallback(
    (index: number, more: Partial<StepDone>) =>
      setSteps((before) => before.map((step, place) => (place === index ? { ...step, ...more } : step))),
    [],
  )

  const walk = useCallback(
    async (from: number, signal: AbortSignal) => {
      const { steps: preview } = await ask('wizardPreview', asked, { signal })
      const names = [...preview.map(({ name }) => name), 'check']
      if (from === 0) setSteps(names.map((name) => ({ name, state: 'ahead', changes: [], records: [], warnings: [] })))
      for (let index = from; index < names.length; index++) {
        setAt(index)
        tell(index, { state: 'doing' })
        const answer = await answerOf(asked, index, names.length - 1, signal)
        if (signal.aborted) return
        tell(index, { ...answer, state: answer.refusal ? 'failed' : 'done' })
        if (answer.refusal) return setFailure(answer.refusal.message)
      }
      setAt(names.length)
      await queries.invalidateQueries({ queryKey: ['wizard', 'here'] })
    },
    [asked, queries, tell],
  )

  const start = useCallback(
    (from: number, signal: AbortSignal) => {
      setFailure(undefined)
      walk(from, signal).catch((error: unknown) => {
        if (signal.aborted) return
        setSteps((before) => before.map((step) => (step.state === 'doing' ? { ...step, state: 'failed' } : step)))
        setFailure(error instanceof Error ? error.message : String(error))
      })
    },
    [walk],
  )
  const stop = useRef<AbortController>(undefined)
  const begin = useCallback(
    (from: number) => {
      stop.current?.abort()
      stop.current = new AbortController()
      start(from, stop.current.signal)
    },
    [start],
  )
  useEffect(() => {
    begin(0)
    return () => stop.current?.abort()
  }, [begin])
  return { steps, at, failure, isOver: steps.length > 0 && at === steps.length, goOn: () => begin(at) }
}

async function answerOf(
  asked: Pick<Parameters<typeof ask<'wizardStep'>>[1], 'online' | 'plan'>,
  index: number,
  last: number,
  signal: AbortSignal,
): Promise<Omit<StepDone, 'name' | 'state'> & { refusal?: { message: string } | undefined }> {
  if (index < last) return ask('wizardStep', { ...asked, step: index + 1 }, { signal })
  const { changes } = await ask('wizardCheck', { online: asked.online }, { signal })
  return { changes, records: [], warnings: [] }
}

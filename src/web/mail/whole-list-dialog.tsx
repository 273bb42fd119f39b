import { Button, DialogActions, DialogBody, DialogContent, DialogTitle, Field, ProgressBar, Text } from '@fluentui/react-components'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask, type Answer, type Question } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { useMail, type Action } from './mail-tools.ts'

type WholeList = Omit<Question<'actOnList'>, 'action' | 'below'>
interface Refused {
  count: number
  why: string
}

/** Does something to all messages of a list, step by step, and shows how far it is. It goes on until it is done or stopped. */
export function WholeListDialog({ list, total, action }: { list: WholeList; total: number; action: Action }) {
  const { t } = useTexts()
  const { show } = useMail()
  const queries = useQueryClient()
  const button = useRef<HTMLButtonElement>(null)
  const [done, setDone] = useState(0)
  const [refused, setRefused] = useState<Refused | undefined>()
  useEffect(() => {
    // What asked for it may have been in this dialog, and is gone.
    button.current?.focus()
    const stop = new AbortController()
    const work = async () => {
      const outcome = await workThrough(list, action, stop.signal, setDone).catch((error: Error) => ({ count: 1, why: error.message }))
      await queries.invalidateQueries({ queryKey: ['mail'] })
      if (stop.signal.aborted) return
      if (outcome.count > 0) setRefused(outcome)
      else show(undefined)
    }
    void work()
    return () => stop.abort()
    // What was asked for first is what is done, whatever the list becomes.
  }, [])
  return (
    <DialogBody>
      <DialogTitle>{t('mail.wholeWorking')}</DialogTitle>
      <DialogContent>
        <Field validationMessage={t('mail.wholeDone', { done, total })} validationState="none">
          <ProgressBar value={Math.min(done, total)} max={Math.max(1, total)} aria-label={t('mail.wholeWorking')} />
        </Field>
        {refused && <Text role="alert">{t('mail.wholeRefused', { count: refused.count, why: refused.why })}</Text>}
      </DialogContent>
      <DialogActions>
        <Button ref={button} onClick={() => show(undefined)}>{t(refused ? 'mail.close' : 'mail.stop')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

/** How many were refused, and why. */
async function workThrough(list: WholeList, action: Action, signal: AbortSignal, tell: (done: number) => void): Promise<Refused> {
  let [done, count] = [0, 0]
  const why = new Set<string>()
  let below: number | undefined
  do {
    const step: Answer<'actOnList'> = await ask('actOnList', { ...list, action, ...(below === undefined ? {} : { below }) }, { signal })
    done += step.done
    for (const one of step.refused) {
      count += one.count
      why.add(one.message)
    }
    tell(done)
    below = step.next
  } while (below !== undefined && !signal.aborted)
  return { count, why: [...why].slice(0, 3).join(' ') }
}

import { Button, Toast, ToastTitle, useToastController } from '@fluentui/react-components'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTexts } from '../app/texts.ts'
import type { Folder, LaterParts, MailTools } from './mail-tools.ts'
import type { Moved } from './undo.ts'

interface UndoBarOf extends Pick<MailTools, 'later'> {
  toaster: string
  folders: readonly Folder[]
  fail: (message: string) => void
}

/** Offers to take back what was moved last, until its bar goes or something else is done. */
export function useUndoBar({ toaster, folders, fail, later }: UndoBarOf) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const { dispatchToast, dismissToast } = useToastController(toaster)
  // A toast that is going keeps its name for a while: each has one of its own.
  const last = useRef<{ moved: Moved; toast: string } | undefined>(undefined)
  const toasts = useRef(0)
  const forgetMoved = () => {
    if (last.current) dismissToast(last.current.toast)
    last.current = undefined
  }
  const undo = () =>
    later(({ takeBack }) => {
      const { moved } = last.current ?? {}
      forgetMoved()
      if (moved) void putBack(moved, takeBack)
    })
  const putBack = async (moved: Moved, takeBack: LaterParts['takeBack']) => {
    const { left, why } = await takeBack(moved)
    const count = [...left.back.values()].flat().length
    if (count > 0) {
      fail(t('mail.wholeRefused', { count, why: [...new Set(why)].slice(0, 3).join(' ') }))
      // What was moved meanwhile is the last.
      if (!last.current) offer(left)
    }
    await queries.invalidateQueries({ queryKey: ['mail'] })
  }
  const offer = (moved: Moved) => {
    forgetMoved()
    const toastId = `moved-${toasts.current++}`
    last.current = { moved, toast: toastId }
    const to = folders.find(({ ref, kind }) => (moved.to === undefined ? kind === 'deleteditems' : ref.id === moved.to))
    const gone = (status: string) => {
      if (status === 'dismissed' && last.current?.toast === toastId) last.current = undefined
    }
    dispatchToast(
      <Toast>
        <ToastTitle media={null} action={<Button size="small" onClick={undo}>{t('mail.undo')}</Button>}>
          {t('mail.movedTo', { name: to?.name ?? '' })}
        </ToastTitle>
      </Toast>,
      { toastId, timeout: 10_000, pauseOnHover: true, pauseOnWindowBlur: true, onStatusChange: (_, { status }) => gone(status) },
    )
  } // prettier-ignore
  return { offer, undo, forgetMoved }
}

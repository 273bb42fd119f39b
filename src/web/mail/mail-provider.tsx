import {
  Dialog,
  DialogSurface,
  Spinner,
  Text,
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  useId,
  useToastController,
} from '@fluentui/react-components'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { ask } from '../app/api.ts'
import { fromPage } from '../app/first-answer.ts'
import { Later } from '../app/later.tsx'
import { useTexts } from '../app/texts.ts'
import { useActions } from './actions.ts'
import { MailContext, type LaterParts, type MailTools, type View, type ViewChanges } from './mail-tools.ts'
import { useUndoBar } from './undo-bar.tsx'
import type { Moved } from './undo.ts'

/** Knows the folders and how mail is looked at, shows dialogs, and tells what was refused. */
export function MailProvider({ children }: { children: ReactNode }) {
  const { t } = useTexts()
  const toaster = useId('mail')
  const { dispatchToast } = useToastController(toaster)
  const [dialog, setDialog] = useState<ReactNode>(undefined)
  const folders = useQuery({
    queryKey: ['mail', 'folders'],
    queryFn: ({ signal }) => ask('findFolders', {}, { signal }),
    ...fromPage('findFolders', {}),
  })
  const view = useQuery({
    queryKey: ['mail', 'view'],
    queryFn: ({ signal }) => ask('mailView', {}, { signal }),
    ...fromPage('mailView', {}),
  })
  const fail = (message: string) =>
    dispatchToast(
      <Toast>
        <ToastTitle>{t('mail.failed')}</ToastTitle>
        <ToastBody>{message}</ToastBody>
      </Toast>,
      { intent: 'error', timeout: 8000 },
    )
  const openBranches = useRef<ReadonlySet<string | number>>(new Set(['favourites']))
  const later = (use: (parts: LaterParts) => void) => void import('./later.ts').then(use, () => fail(t('mail.notLoaded')))
  const { offer, ...undoing } = useUndoBar({ toaster, folders: folders.data?.folders ?? [], fail, later })
  const doing = { ...useTools(fail, offer, undoing.forgetMoved), ...undoing, later }
  const latest = useRef(doing)
  latest.current = doing
  const tools = useMemo<MailTools | undefined>(() => {
    if (!folders.data || !view.data) return undefined
    return {
      folders: folders.data.folders,
      view: view.data,
      openBranches,
      saveView: (changes) => latest.current.saveView(changes),
      act: (rows, action) => latest.current.act(rows, action),
      undo: () => latest.current.undo(),
      forgetMoved: () => latest.current.forgetMoved(),
      actOnFolder: (folder, action) => latest.current.actOnFolder(folder, action),
      ask: (question) => latest.current.later(({ ConfirmDialog }) => setDialog(<ConfirmDialog {...question} />)),
      show: setDialog,
      later: (use) => latest.current.later(use),
    }
  }, [folders.data, view.data])
  const error = folders.error ?? view.error
  if (error) return <Text role="alert">{error.message}</Text>
  if (!tools) return <Spinner label={t('app.loading')} />
  return (
    <MailContext value={tools}>
      {children}
      <Later>
        <Dialog open={dialog !== undefined && dialog !== null} onOpenChange={(_, { open }) => open || setDialog(undefined)}>
          <DialogSurface aria-label={t('mail.dialog')}>{dialog}</DialogSurface>
        </Dialog>
        <Toaster toasterId={toaster} position="bottom" />
      </Later>
    </MailContext>
  )
}

/** What is done, shown at once where that is possible. */
function useTools(
  fail: (message: string) => void,
  moved: (moved: Moved) => void,
  forgetMoved: () => void,
): Pick<MailTools, 'act' | 'actOnFolder' | 'saveView'> {
  const queries = useQueryClient()
  const act = useActions(fail, moved)
  return {
    act(rows, action) {
      // The next message opens by itself when one goes, and is read by that.
      if (action.do !== 'read') forgetMoved()
      return act(rows, action)
    },
    async actOnFolder({ ref }, action) {
      forgetMoved()
      try {
        await ask('actOnFolder', { folder: ref, action })
      } catch (error) {
        fail((error as Error).message)
      }
      await queries.invalidateQueries({ queryKey: ['mail'] })
    },
    saveView(changes) {
      queries.setQueryData<View>(['mail', 'view'], (now) => now && changedView(now, changes))
      ask('saveMailView', changes).then(
        (kept) => void queries.setQueryData(['mail', 'view'], kept),
        (error: Error) => {
          fail(error.message)
          void queries.invalidateQueries({ queryKey: ['mail', 'view'] })
        },
      )
    },
  }
}

function changedView(now: View, { favourite, picturesFrom, readingPane, conversations }: ViewChanges): View {
  const others = now.favourites.filter((id) => id !== favourite?.folder)
  return {
    readingPane: readingPane ?? now.readingPane,
    conversations: conversations ?? now.conversations,
    favourites: !favourite ? now.favourites : favourite.is ? [...others, favourite.folder] : others,
    picturesFrom: picturesFrom ? [...now.picturesFrom, picturesFrom] : now.picturesFrom,
  }
}

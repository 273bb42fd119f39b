/** What can be done to the messages that are chosen: the same by toolbar, menu and keyboard. */
import { useQueryClient } from '@tanstack/react-query'
import { createElement } from 'react'
import { useTexts } from '../app/texts.ts'
import { openCompose } from '../compose/opened.ts'
import { keyOf, useMail, type Action, type Folder, type Row } from './mail-tools.ts'

export type CommandName =
  'delete' | 'deleteForGood' | 'archive' | 'junk' | 'move' | 'categorize' | 'flag' | 'pin' | 'markRead' | 'markUnread' | 'forwardAttached'
export type Commands = Record<CommandName, () => void>

/** All that a list has is chosen, beyond what is in sight: how many, and how something is done to it. */
export interface Whole {
  total: number
  run: (action: Action) => void
}

/** `removed` is called before messages go, so that another one is chosen. */
export function useCommands(
  rows: readonly Row[],
  folder: Folder | undefined,
  removed: (rows: readonly Row[]) => void,
  whole?: Whole,
): Commands {
  const { t } = useTexts()
  const { act, ask, show, later, folders } = useMail()
  const queries = useQueryClient()
  const run = (action: Action) => {
    if (rows.length === 0) return
    if (whole) return whole.run(action)
    if (action.do === 'delete' || action.do === 'move' || action.do === 'junk') removed(rows)
    void act(rows, action)
  }
  const forGood = () => {
    if (rows.length === 0) return
    const count = whole?.total ?? rows.flatMap(({ items }) => items).length
    ask({ title: t('mail.deleteForGood'), text: t('mail.deleteForGoodAsk', { count }), yes: t('mail.delete'), onYes: () => run({ do: 'delete', forGood: true }) }) // prettier-ignore
  }
  const discard = () => {
    const go = () => run({ do: 'delete', forGood: false })
    if (!whole) return go()
    ask({ title: t('mail.delete'), text: t('mail.deleteWholeAsk', { count: whole.total }), yes: t('mail.delete'), onYes: go })
  }
  const archive = folders.find(({ kind }) => kind === 'archive')
  // As they are when it is done: what was selected may have changed since.
  const every = (fits: (row: Row) => boolean) => {
    const pages = queries.getQueriesData<{ messages: Row[] }>({ queryKey: ['mail', 'messages'] })
    const now = new Map(pages.flatMap(([, page]) => (page?.messages ?? []).map((row) => [keyOf(row), row] as const)))
    return rows.every((row) => fits(now.get(keyOf(row)) ?? row))
  }
  return {
    delete: folder?.kind === 'deleteditems' ? forGood : discard,
    deleteForGood: forGood,
    archive: () => archive && run({ do: 'move', to: archive.ref }),
    junk: () => run({ do: 'junk', junk: folder?.kind !== 'junkemail' }),
    move: () => rows.length > 0 && later(({ FolderPicker }) => show(createElement(FolderPicker, { title: t('mail.moveTo'), onPick: ({ ref }) => run({ do: 'move', to: ref }) }))),
    categorize: () => rows.length > 0 && later(({ CategoriesDialog }) => show(createElement(CategoriesDialog, { chosen: commonOf(rows), onChoose: (categories) => run({ do: 'categorize', categories }) }))),
    flag: () => run({ do: 'flag', status: !whole && every(({ flag }) => flag === 'Flagged') ? 'NotFlagged' : 'Flagged' }),
    // Conversations have no pins, and of a whole list nothing would be on top.
    pin: () => !whole && every(({ conversation }) => conversation === undefined) && run({ do: 'pin', isPinned: !every(({ isPinned }) => isPinned) }),
    // A message takes no whole list.
    forwardAttached: () => !whole && rows.length > 0 && openCompose({ kind: 'attached', items: rows.flatMap(({ items }) => items) }),
    markRead: () => run({ do: 'read', isRead: true }),
    markUnread: () => run({ do: 'read', isRead: false }),
  } // prettier-ignore
}

const commonOf = ([first, ...others]: readonly Row[]): string[] =>
  (first?.categories ?? []).filter((name) => others.every(({ categories }) => categories.includes(name)))

/** What a key does where nothing is written: the name that it has in `useKeys`. */
export const keyNames: Readonly<Record<string, string>> = {
  'Delete': 'delete',
  'Shift+Delete': 'deleteForGood',
  'e': 'archive',
  'v': 'move',
  'j': 'junk',
  'c': 'categorize',
  'Insert': 'flag',
  'p': 'pin',
  'Ctrl+z': 'undo',
  'q': 'markRead',
  'u': 'markUnread',
  '/': 'search',
  'Ctrl+.': 'next',
  'Ctrl+,': 'previous',
  'g i': 'inbox',
  'g d': 'drafts',
  'g s': 'sent',
  'Shift+E': 'newFolder',
  '?': 'help',
  'Escape': 'escape',
} // prettier-ignore

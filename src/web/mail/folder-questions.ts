import { createElement } from 'react'
import { useTexts } from '../app/texts.ts'
import { useMail, type Folder } from './mail-tools.ts'

/** What can be done to a folder, each with its question. */
export function useFolderQuestions(folder: Folder) {
  const { t } = useTexts()
  const { folders, view, saveView, show, later, ask, actOnFolder } = useMail()
  const isOwn = folder.kind === ''
  const trash = folders.find(({ kind }) => kind === 'deleteditems')
  const parentOf = (id: number) => folders.find(({ ref }) => ref.id === id)?.parent
  const isIn = (id: number | undefined): boolean => id !== undefined && (id === trash?.ref.id || isIn(parentOf(id)))
  const inTrash = isIn(folder.ref.id)
  const isFavourite = view.favourites.includes(folder.ref.id)
  return {
    isOwn,
    isFavourite,
    favourite: () => saveView({ favourite: { folder: folder.ref.id, is: !isFavourite } }),
    create: () => later(({ NameDialog }) => show(createElement(NameDialog, { title: t('mail.newFolder'), name: '', onName: (name) => void actOnFolder(folder, { do: 'create', name }) }))),
    rename: () => isOwn && later(({ NameDialog }) => show(createElement(NameDialog, { title: t('mail.rename'), name: folder.name, onName: (name) => void actOnFolder(folder, { do: 'rename', name }) }))),
    move: () => later(({ FolderPicker }) => show(createElement(FolderPicker, { title: t('mail.moveTo'), onPick: ({ ref }) => void actOnFolder(folder, { do: 'move', to: ref }) }))),
    markAllRead: () => void actOnFolder(folder, { do: 'markAllRead', isRead: true }),
    remove: () => isOwn && ask({ title: t('mail.deleteFolder'), text: t(inTrash ? 'mail.deleteFolderForGoodAsk' : 'mail.deleteFolderAsk', { name: folder.name }), yes: t('mail.delete'), onYes: () => void actOnFolder(folder, { do: 'delete', forGood: inTrash }) }),
    empty: () => ask({ title: t('mail.emptyFolder'), text: t(inTrash ? 'mail.emptyForGoodAsk' : 'mail.emptyAsk', { name: folder.name }), yes: t('mail.emptyFolder'), onYes: () => void actOnFolder(folder, { do: 'empty', forGood: inTrash }) }),
  } // prettier-ignore
}

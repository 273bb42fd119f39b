// table
import type { FolderRow } from '#mailbox'

/** Exchange's names for default folders (`FolderType`), by kind; `isShown` for those below the top of what people see. */
// prettier-ignore
export const folderTypes: Readonly<Record<string, { type: string; isShown?: true }>> = {
  root: { type: 'Configuration' },
  msgfolderroot: { type: 'Root', isShown: true },
  inbox: { type: 'Inbox', isShown: true },
  drafts: { type: 'Drafts', isShown: true },
  sentitems: { type: 'SentItems', isShown: true },
  deleteditems: { type: 'DeletedItems', isShown: true },
  junkemail: { type: 'JunkEmail', isShown: true },
  outbox: { type: 'Outbox', isShown: true },
  archive: { type: 'Archive', isShown: true },
  calendar: { type: 'Calendar', isShown: true },
  contacts: { type: 'Contacts', isShown: true },
  recipientcache: { type: 'RecipientCache', isShown: true },
  quickcontacts: { type: 'QuickContacts', isShown: true },
  imcontactlist: { type: 'ImContactList', isShown: true },
  peopleconnect: { type: 'PeopleConnect', isShown: true },
  tasks: { type: 'Tasks', isShown: true },
  notes: { type: 'Notes', isShown: true },
  journal: { type: 'Journal', isShown: true },
  conversationhistory: { type: 'CommunicatorHistory', isShown: true },
  syncissues: { type: 'SyncIssues', isShown: true },
  conflicts: { type: 'Conflicts', isShown: true },
  localfailures: { type: 'LocalFailures', isShown: true },
  serverfailures: { type: 'ServerFailures', isShown: true },
  voicemail: { type: 'UMVoicemail', isShown: true },
  searchfolders: { type: 'SearchFolders' },
  todosearch: { type: 'ToDoSearch' },
  mycontacts: { type: 'MyContacts' },
  favorites: { type: 'Favorites' },
  commonviews: { type: 'CommonViews' },
  recoverableitemsroot: { type: 'RecoverableItemsRoot' },
  recoverableitemsdeletions: { type: 'RecoverableItemsDeletions' },
  recoverableitemsversions: { type: 'RecoverableItemsVersions' },
  recoverableitemspurges: { type: 'RecoverableItemsPurges' },
}

/** Exchange's name for what kind of folder it is. */
export function folderTypeOf({ kind }: Pick<FolderRow, 'kind'>): string {
  return folderTypes[kind]?.type ?? 'User Created'
}

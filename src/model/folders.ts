/**
 * The default folders of a mailbox, one row each ([MS-OXWSFOLD] 2.2.3.10 DistinguishedFolderIdNameType): distinguished
 * name, parent, class, English name. `hidden` ones are not listed below their parent. The root has no parent.
 */
export interface DefaultFolder {
  kind: string
  parent: string | null
  name: string
  folderClass: string | null
  hidden?: true
}

// prettier-ignore
export const defaultFolders: readonly DefaultFolder[] = [
  { kind: 'root', parent: null, name: 'root', folderClass: null },
  { kind: 'msgfolderroot', parent: 'root', name: 'Top of Information Store', folderClass: 'IPF.Note' },
  { kind: 'inbox', parent: 'msgfolderroot', name: 'Inbox', folderClass: 'IPF.Note' },
  { kind: 'drafts', parent: 'msgfolderroot', name: 'Drafts', folderClass: 'IPF.Note' },
  { kind: 'sentitems', parent: 'msgfolderroot', name: 'Sent Items', folderClass: 'IPF.Note' },
  { kind: 'deleteditems', parent: 'msgfolderroot', name: 'Deleted Items', folderClass: 'IPF.Note' },
  { kind: 'junkemail', parent: 'msgfolderroot', name: 'Junk Email', folderClass: 'IPF.Note' },
  { kind: 'outbox', parent: 'msgfolderroot', name: 'Outbox', folderClass: 'IPF.Note' },
  { kind: 'archive', parent: 'msgfolderroot', name: 'Archive', folderClass: 'IPF.Note' },
  { kind: 'calendar', parent: 'msgfolderroot', name: 'Calendar', folderClass: 'IPF.Appointment' },
  { kind: 'contacts', parent: 'msgfolderroot', name: 'Contacts', folderClass: 'IPF.Contact' },
  { kind: 'recipientcache', parent: 'contacts', name: 'Recipient Cache', folderClass: 'IPF.Contact.RecipientCache', hidden: true },
  { kind: 'quickcontacts', parent: 'contacts', name: 'Skype for Business Contacts', folderClass: 'IPF.Contact.MOC.QuickContacts', hidden: true },
  { kind: 'imcontactlist', parent: 'contacts', name: 'IM Contact List', folderClass: 'IPF.Contact.MOC.ImContactList', hidden: true },
  { kind: 'peopleconnect', parent: 'contacts', name: 'PeopleConnect', folderClass: 'IPF.Contact.PeopleConnect', hidden: true },
  { kind: 'tasks', parent: 'msgfolderroot', name: 'Tasks', folderClass: 'IPF.Task' },
  { kind: 'notes', parent: 'msgfolderroot', name: 'Notes', folderClass: 'IPF.StickyNote' },
  { kind: 'journal', parent: 'msgfolderroot', name: 'Journal', folderClass: 'IPF.Journal' },
  { kind: 'conversationhistory', parent: 'msgfolderroot', name: 'Conversation History', folderClass: 'IPF.Note' },
  { kind: 'syncissues', parent: 'msgfolderroot', name: 'Sync Issues', folderClass: 'IPF.Note', hidden: true },
  { kind: 'conflicts', parent: 'syncissues', name: 'Conflicts', folderClass: 'IPF.Note', hidden: true },
  { kind: 'localfailures', parent: 'syncissues', name: 'Local Failures', folderClass: 'IPF.Note', hidden: true },
  { kind: 'serverfailures', parent: 'syncissues', name: 'Server Failures', folderClass: 'IPF.Note', hidden: true },
  { kind: 'searchfolders', parent: 'root', name: 'Finder', folderClass: null },
  { kind: 'todosearch', parent: 'root', name: 'To-Do Search', folderClass: 'IPF.Task' },
  { kind: 'mycontacts', parent: 'root', name: 'My Contacts', folderClass: 'IPF.Contact' },
  { kind: 'favorites', parent: 'root', name: 'Favorites', folderClass: 'IPF.Note' },
  { kind: 'commonviews', parent: 'root', name: 'Common Views', folderClass: null, hidden: true },
  { kind: 'voicemail', parent: 'msgfolderroot', name: 'Voice Mail', folderClass: 'IPF.Note', hidden: true },
  { kind: 'recoverableitemsroot', parent: 'root', name: 'Recoverable Items', folderClass: null, hidden: true },
  { kind: 'recoverableitemsdeletions', parent: 'recoverableitemsroot', name: 'Deletions', folderClass: null, hidden: true },
  { kind: 'recoverableitemsversions', parent: 'recoverableitemsroot', name: 'Versions', folderClass: null, hidden: true },
  { kind: 'recoverableitemspurges', parent: 'recoverableitemsroot', name: 'Purges', folderClass: null, hidden: true },
  { kind: 'recoverableitemsdiscoveryholds', parent: 'recoverableitemsroot', name: 'DiscoveryHolds', folderClass: null, hidden: true },
  { kind: 'audits', parent: 'recoverableitemsroot', name: 'Audits', folderClass: null, hidden: true },
  { kind: 'calendarlogging', parent: 'recoverableitemsroot', name: 'Calendar Logging', folderClass: null, hidden: true },
]

/**
 * What a public folder mailbox has instead of them: the root of what people see, as Exchange calls it, below the mailbox's own. The tree lies in the
 * mailbox that holds the hierarchy; the others have the first alone.
 */
export const publicFolderRoots = [
  { kind: 'root', parent: null, name: 'root', folderClass: null },
  { kind: 'publicfoldersroot', parent: 'root', name: 'IPM_SUBTREE', folderClass: null },
] as const satisfies readonly DefaultFolder[]

const recoverable: ReadonlySet<string> = new Set(
  defaultFolders.flatMap(({ kind, parent }) => (kind === 'recoverableitemsroot' || parent === 'recoverableitemsroot' ? [kind] : [])),
)

const closed: ReadonlySet<string> = new Set(['recoverableitemsversions', 'recoverableitemspurges', 'recoverableitemsdiscoveryholds'])

/** True for the folders of Recoverable Items that nobody opens as the owner: what was purged, what it was before, what a hold keeps. */
export const isClosedKind = (kind: string): boolean => closed.has(kind)

const serversOwn: ReadonlySet<string> = new Set(['audits', 'calendarlogging'])

/** True for the kinds where the server writes down what was done: nobody's to read, to change or to delete by a verb on items, in no quota. */
export const isServersOwnKind = (kind: string): boolean => serversOwn.has(kind)

/** True for either: what the owner of the mailbox does not know of. */
export const isUnseenKind = (kind: string): boolean => isClosedKind(kind) || isServersOwnKind(kind)

/** True for the kinds of Recoverable Items and of the folders right below it. */
export const isRecoverableKind = (kind: string): boolean => recoverable.has(kind)

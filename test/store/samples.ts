/** Rows for store tests: everything filled in, anything replaceable. */
import type { FolderRow, NewItem, Store } from '#store'

export const mailbox = '6f9619ff-8b86-d011-b42d-00c04fc964ff'
export const organisation = '0b0f4f6e-1a59-4ae1-9f0a-5f2f3a1f6b11'

export function newItem(folder: number, changes: Partial<NewItem> = {}): NewItem {
  return {
    mailbox,
    folder,
    associated: false,
    kind: 'message',
    itemClass: 'IPM.Note',
    created: 1_000,
    modified: 1_000,
    received: 1_000,
    sent: null,
    size: 100,
    isRead: false,
    isDraft: false,
    hasAttachments: false,
    importance: 1,
    sensitivity: 0,
    flagStatus: 0,
    subject: 'Quarterly report',
    fromName: 'Mary',
    displayTo: 'Rob',
    displayCc: '',
    messageId: '',
    conversation: '',
    start: null,
    end: null,
    isRecurring: false,
    uid: '',
    reminder: null,
    properties: { culture: 'en-US' },
    extended: {},
    mime: null,
    mimeSize: 0,
    body: null,
    ...changes,
  }
}

/** Makes the mailbox with a root and the folders named; answers the folders. */
export async function makeMailbox<const Names extends string[]>(
  store: Store,
  names: Names,
  id = mailbox,
): Promise<{ [K in keyof Names]: FolderRow }> {
  return store.write(async (tx) => {
    await tx.mailboxes.create({ mailbox: id, organisation, created: 1, settings: {} })
    const base = { mailbox: id, kind: '', folderClass: 'IPF.Note', hidden: false, created: 1 }
    const root = await tx.folders.insert({ ...base, parent: 0, name: 'root', kind: 'root' })
    const folders: FolderRow[] = []
    for (const name of names) folders.push(await tx.folders.insert({ ...base, parent: root.id, name }))
    return folders as { [K in keyof Names]: FolderRow }
  })
}

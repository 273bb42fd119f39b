/**
 * Every verb on a mailbox, and what of it the audit log tells: what is written down when it is done to Mary's mailbox by somebody who may (of the
 * actions that are auditable for who comes so, `auditableBy`), or why nothing is.
 */
import { randomUUID } from 'node:crypto'
import type { AuditAction, ItemRef, Mailboxes } from '#mailbox'
import type { Caller } from '#model'
import { note, only, type People } from '../mailbox/people.ts'

/** What a row works on: Mary's mailbox, and whoever does it. What is made ready is made by the server itself, of which nothing is written down. */
export interface Desk extends Pick<People, 'mailboxes' | 'organisation' | 'system' | 'ann' | 'clock'> {
  by: Caller
  mailbox: string
}

type LogonType = 'Owner' | 'Delegate' | 'Admin'
type Written = readonly AuditAction[]
export type VerbRow =
  | { none: string }
  | {
      writes: Written | Readonly<Record<LogonType, Written>>
      ready?: (desk: Desk) => Promise<unknown>
      act: (desk: Desk, made: never) => Promise<unknown>
    }

/** A row whose `act` gets what `ready` made. */
const row = <T>(writes: Written | Readonly<Record<LogonType, Written>>, ready: (desk: Desk) => Promise<T>, act: (desk: Desk, made: T) => Promise<unknown>): VerbRow => ({ writes, ready, act: act as never }) // prettier-ignore
const ids = { shape: 'ids' } as const
const kind = ({ mailbox }: Desk, name: string) => ({ mailbox, kind: name })
const folderRef = ({ row: { mailbox, id } }: { row: { mailbox: string; id: number } }) => ({ mailbox, id })
const anybody = { name: 'Bob', address: 'bob@fabrikam.com', routingType: 'SMTP' }

const message = async (desk: Desk, where = 'inbox', more = {}): Promise<ItemRef> =>
  (await desk.mailboxes.createItem(desk.system, kind(desk, where), note('looked for', more))).ref
const folder = async (desk: Desk, name: string = randomUUID()) =>
  folderRef(await desk.mailboxes.createFolder(desk.system, { parent: kind(desk, 'msgfolderroot'), name }))
const filled = async (desk: Desk) => {
  const made = await folder(desk)
  await desk.mailboxes.createItem(desk.system, made, note('within'))
  return made
}
const withAttachment = async (desk: Desk) => {
  const item = await message(desk)
  await desk.mailboxes.createAttachments(desk.system, item, [{ kind: 'file', name: 'a.txt', content: Buffer.from('a') }])
  return item
}
const conversation = async (desk: Desk, deleted = false) => {
  const item = await message(desk, deleted ? 'deleteditems' : 'inbox', { subject: randomUUID() })
  const found = only(await desk.mailboxes.getItems(desk.system, [item], ids))
  return { mailbox: desk.mailbox, conversation: found.head.conversation }
}
const appointment = (desk: Desk) => {
  const start = desk.clock.now + 3_600_000
  return {
    kind: 'calendar' as const,
    properties: { subject: 'Review', start, end: start + 3_600_000, reminderIsSet: true, reminderMinutesBeforeStart: 90 },
  }
}
const planned = async (desk: Desk) => (await desk.mailboxes.createItem(desk.system, kind(desk, 'calendar'), appointment(desk))).ref
const called = (desk: Desk) => {
  const { properties } = appointment(desk)
  return { kind: 'calendar' as const, properties: { ...properties, requiredAttendees: [{ mailbox: anybody, response: 'Unknown' }] } }
}
const meeting = async (desk: Desk) =>
  (await desk.mailboxes.createMeeting(desk.system, kind(desk, 'calendar'), called(desk), 'SendToNone')).ref

/** A meeting message as it comes in; the invitation of a meeting, unless it is cancelled. */
async function invited(desk: Desk, uid: string = randomUUID(), method: 'REQUEST' | 'CANCEL' = 'REQUEST'): Promise<ItemRef> {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', `METHOD:${method}`, 'BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20300107T080000Z'],
    ...['DTSTART:20300114T100000Z', 'DTEND:20300114T110000Z', 'SUMMARY:Planning', `SEQUENCE:${method === 'CANCEL' ? 1 : 0}`],
    ...['ORGANIZER:mailto:bob@fabrikam.com', 'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:mary@contoso.com'],
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ]
  const head = [
    'From: Bob <bob@fabrikam.com>',
    'To: mary@contoso.com',
    'Subject: Planning',
    `Message-ID: <${randomUUID()}@fabrikam.com>`,
    'MIME-Version: 1.0',
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
  ]
  const mime = Buffer.from([...head, '', ...lines].join('\r\n'))
  const { organisation, mailbox, mailboxes, clock } = desk
  const delivery = { mime, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: clock.now }
  return { mailbox, id: await mailboxes.deliver(organisation, mailbox, delivery) }
}
async function cancelled(desk: Desk): Promise<ItemRef> {
  const uid = randomUUID()
  await invited(desk, uid)
  return invited(desk, uid, 'CANCEL')
}
const deleted = async (desk: Desk, type: 'SoftDelete' | 'MoveToDeletedItems' = 'SoftDelete') => {
  const { mailboxes, system, mailbox } = desk
  const subject = randomUUID()
  const item = await message(desk, 'inbox', { subject })
  await mailboxes.deleteItem(system, item, type)
  for await (const page of mailboxes.findRecoverable(system, mailbox, { subjectContains: subject })) return page[0]!.ref
  throw new Error('what was just deleted is not there')
}
const removed = async (desk: Desk, type: 'SoftDelete' | 'MoveToDeletedItems') => {
  const made = await filled(desk)
  await desk.mailboxes.deleteFolder(desk.system, made, type)
  return made.id
}
/** A folder of Ann's that everybody may file things in, and an item of Mary's. */
const both = async (desk: Desk) => {
  const parent = { mailbox: desk.ann.recipient.mailbox, kind: 'msgfolderroot' }
  const permissions = [{ user: 'default', rights: 0x2 | 0x80 | 0x400 }]
  const to = folderRef(await desk.mailboxes.createFolder(desk.system, { parent, name: randomUUID(), permissions }))
  return { item: (await message(desk)).id, to }
}
const group = async (desk: Desk) => (await desk.mailboxes.addImGroup(desk.system, desk.mailbox, randomUUID())).ref
const listed = async (desk: Desk) =>
  (await desk.mailboxes.addNewImContact(desk.system, desk.mailbox, { imAddress: `${randomUUID()}@fabrikam.com` })).ref
const member = async (desk: Desk) => {
  const contact = await listed(desk)
  const of = await group(desk)
  await desk.mailboxes.addToImGroup(desk.system, contact, of)
  return { contact, of }
}
const fromMary = { subject: 'Said', toRecipients: [anybody], from: { name: 'Mary', address: 'mary@contoso.com', routingType: 'SMTP' } }
/** The owner sends in their own name; whoever acts for or as the owner sends in another's. */
const also = (first: Written): Readonly<Record<LogonType, Written>> => ({ Owner: first, Delegate: [...first, 'SendAs'], Admin: [...first, 'SendAs'] }) // prettier-ignore
const forAnother = also([])
const nobody = async () => undefined
const drain = async (steps: AsyncIterable<unknown>) => {
  for await (const _ of steps);
}
const set = (property: string, value: unknown) => [{ op: 'set' as const, path: { property }, value }]
const page = { kind: 'indexed', offset: 0, limit: 10, from: 'Beginning' } as const
const person = { recipient: '', copies: false, private: false, levels: { calendar: 'Editor' as const } }

const server = 'The server does it, for nobody in particular.'
const setting = 'A setting: the log tells of items, permissions, delegates and rules.'
const folders = 'Folders that are made, named or listed are not written down ("Mailbox audit logging"), what is looked at in them is.'
const times = 'Free/busy times, which the organisation shows to everybody it says.'
const ofOrganisation = 'Of the organisation, not of a mailbox: the administrators’ audit log tells of it.'
const log = 'Reads the log, not what it is about.'
const copies = 'Copies of what is somebody else’s, kept up to date by the server.'
const apps = 'Apps are settings of clients, whatever they are kept in.'

/** One row a verb: a new one does not compile without it. */
export const verbRows: Readonly<Record<keyof Mailboxes, VerbRow>> = {
  provision: { none: server },
  provisionPublicFolders: { none: server },
  provisionArchive: { none: server },
  deliver: { none: server },
  tellOfQuota: { none: server },
  settings: { none: setting },
  saveSettings: { none: setting },
  changeSetting: { none: setting },
  saveSentItemsTo: { none: setting },
  sentItemsFolder: { none: setting },
  sendLimit: { none: setting },
  inboxRules: { none: setting },
  delegates: { none: setting },
  retentionTags: { none: setting },
  statistics: { none: 'Counts and sizes alone.' },
  folderStatistics: { none: 'Counts and sizes alone.' },
  requireRoomToSend: { none: 'Counts and sizes alone.' },
  recoverableOverWarning: { none: 'Counts and sizes alone.' },
  countUnsearchable: { none: 'Counts and sizes alone.' },
  unsearchable: { none: 'Numbers of items alone; whoever reads one of them is written down.' },
  startAssistant: { none: server },
  folderAt: { none: folders },
  childFolder: { none: folders },
  localiseFolders: { none: folders },
  foldersAreIn: { none: folders },
  getFolder: { none: folders },
  findFolders: { none: folders },
  createFolder: { none: folders },
  syncFolders: { none: folders },
  makePath: { none: folders },
  deletedFolders: { none: folders },
  folderToShare: { none: folders },
  acceptShare: { none: copies },
  sharingFolder: { none: copies },
  shareOf: { none: copies },
  applyShare: { none: copies },
  apps: { none: apps },
  installApp: { none: apps },
  uninstallApp: { none: apps },
  disableApp: { none: apps },
  freeBusy: { none: times },
  suggestions: { none: times },
  mailTips: { none: 'What everybody is told who is about to send something.' },
  mailTipsConfiguration: { none: 'What everybody is told who is about to send something.' },
  setPhoto: { none: 'Of the directory, not of a mailbox.' },
  mailboxHolds: { none: ofOrganisation },
  changeCalendarProcessing: { none: setting },
  changeMailboxHold: { none: ofOrganisation },
  auditRecords: { none: log },
  itemTimeline: { none: log },
  calendarLog: { none: log },
  eventsSince: { none: 'Numbers alone: whoever reads what they are of is written down.' },
  watch: { none: 'Numbers alone: whoever reads what they are of is written down.' },
  markAllRead: { none: 'Read or unread alone is no change.' },
  keepForRepresented: { none: 'Of a submission over SMTP: test/audit/mailbox-audit.test.ts tells of who sent for somebody else.' },

  updateFolder: row(['UpdateFolderPermissions'], folder, (desk, made) => desk.mailboxes.updateFolder(desk.by, made, set('permissionSet', [{ user: desk.ann.recipient.id, rights: 1 }]))), // prettier-ignore
  changeFolderPermission: row(['UpdateFolderPermissions'], folder, (desk, made) => desk.mailboxes.changeFolderPermission(desk.by, made, { user: desk.ann.recipient.id, how: 'add', rights: 1 })), // prettier-ignore
  shareFolder: row(['UpdateFolderPermissions'], nobody, (desk) => desk.mailboxes.shareFolder(desk.by, kind(desk, 'calendar'), [{ address: `${randomUUID()}@fabrikam.com`, rights: 1 }])), // prettier-ignore
  deleteFolder: row(['SoftDelete', 'SoftDelete'], filled, (desk, made) => desk.mailboxes.deleteFolder(desk.by, made, 'SoftDelete')),
  moveFolder: row(['Move'], filled, (desk, made) => desk.mailboxes.moveFolder(desk.by, made, kind(desk, 'inbox'))),
  copyFolder: row(['Copy'], filled, (desk, made) => desk.mailboxes.copyFolder(desk.by, made, kind(desk, 'inbox'))),
  emptyFolder: row(['MoveToDeletedItems'], filled, (desk, made) => desk.mailboxes.emptyFolder(desk.by, made, 'MoveToDeletedItems', false)),

  getItems: row(['MessageBind'], message, (desk, item) => desk.mailboxes.getItems(desk.by, [item], ids)),
  findItems: row(['FolderBind'], message, (desk) => desk.mailboxes.findItems(desk.by, { folders: [kind(desk, 'inbox')], traversal: 'Shallow', view: page, wanted: ids })), // prettier-ignore
  syncItems: row(['FolderBind'], message, (desk) => desk.mailboxes.syncItems(desk.by, { folder: kind(desk, 'inbox'), cursor: '', limit: 10, wanted: ids })), // prettier-ignore
  createItem: row(['Create'], nobody, (desk) => desk.mailboxes.createItem(desk.by, kind(desk, 'calendar'), appointment(desk))),
  updateItem: row(['Update'], message, (desk, item) => desk.mailboxes.updateItem(desk.by, item, set('subject', 'x'), { conflict: 'AlwaysOverwrite' })), // prettier-ignore
  updateRecoverable: row(['Update'], deleted, (desk, item) => desk.mailboxes.updateRecoverable(desk.by, item, { changes: [], attachments: [{ kind: 'file', name: 'a.txt', content: Buffer.from('a') }], immutable: false })), // prettier-ignore
  deleteItem: row(['HardDelete'], message, (desk, item) => desk.mailboxes.deleteItem(desk.by, item, 'HardDelete')),
  moveItem: row(['Move'], message, (desk, item) => desk.mailboxes.moveItem(desk.by, item, kind(desk, 'drafts'))),
  copyItem: row(['Copy'], message, (desk, item) => desk.mailboxes.copyItem(desk.by, item, kind(desk, 'drafts'))),
  createAttachments: row(['Update'], message, (desk, item) => desk.mailboxes.createAttachments(desk.by, item, [{ kind: 'file', name: 'a.txt', content: Buffer.from('a') }])), // prettier-ignore
  getAttachment: row(['MessageBind'], withAttachment, (desk, item) => desk.mailboxes.getAttachment(desk.by, item, [1])),
  copyAttachments: row(['MessageBind'], withAttachment, (desk, item) => desk.mailboxes.copyAttachments(desk.by, item, [], 'all')),
  deleteAttachment: row(['Update'], withAttachment, (desk, item) => desk.mailboxes.deleteAttachment(desk.by, item, [1])),
  exportItem: row(['MessageBind'], message, (desk, item) => desk.mailboxes.exportItem(desk.by, item)),
  uploadItem: row(['Create'], async (desk) => (await desk.mailboxes.exportItem(desk.system, await planned(desk))).bytes, (desk, bytes) => desk.mailboxes.uploadItem(desk.by, kind(desk, 'calendar'), bytes, { how: 'create', associated: false })), // prettier-ignore
  archiveItem: row(['Move'], message, (desk, item) => desk.mailboxes.archiveItem(desk.by, kind(desk, 'inbox'), item)),
  markAsJunk: row(['Move'], message, (desk, item) => desk.mailboxes.markAsJunk(desk.by, item, { junk: true, move: true })),

  copyFound: row(['Copy'], both, (desk, { item, to }) => drain(desk.mailboxes.copyFound(desk.by, { mailbox: desk.mailbox, items: [item], run: 'this' }, to))), // prettier-ignore
  searchMailbox: row(['FolderBind'], message, (desk) => desk.mailboxes.searchMailbox(desk.by, { mailbox: desk.mailbox, descending: true, limit: 0, wanted: ids })), // prettier-ignore
  everythingFound: row(['FolderBind'], message, (desk) => desk.mailboxes.everythingFound(desk.by, { mailbox: desk.mailbox })),
  findConversations: row(['FolderBind'], conversation, (desk) => desk.mailboxes.findConversations(desk.by, { folder: kind(desk, 'inbox'), filter: 'All', newestFirst: true, page, mostBytes: 1e6, until: Infinity })), // prettier-ignore
  conversationItems: row(['MessageBind'], conversation, (desk, ref) => desk.mailboxes.conversationItems(desk.by, { ref, order: 'TreeOrderAscending', ignore: [], limit: 10, wanted: ids })), // prettier-ignore
  applyConversationAction: row(['SoftDelete'], conversation, (desk, ref) => desk.mailboxes.applyConversationAction(desk.by, { ref, action: 'Delete', deleteType: 'SoftDelete' })), // prettier-ignore
  reminders: row(['FolderBind'], planned, (desk) => desk.mailboxes.reminders(desk.by, { mailbox: desk.mailbox, limit: 10, which: 'All' })),
  actOnReminder: row(['Update'], planned, (desk, item) => desk.mailboxes.actOnReminder(desk.by, item, { action: 'Dismiss' })),
  findPeople: row(['FolderBind'], listed, (desk) => desk.mailboxes.findPeople(desk.by, { where: { folder: kind(desk, 'contacts') }, offset: 0, limit: 10 })), // prettier-ignore
  person: row(['MessageBind'], listed, (desk, contact) => desk.mailboxes.person(desk.by, { contact }, desk.mailbox)),

  findRecoverable: row(['FolderBind'], deleted, (desk) => drain(desk.mailboxes.findRecoverable(desk.by, desk.mailbox, { sources: ['RecoverableItems'] }))), // prettier-ignore
  planRestore: row(['FolderBind'], deleted, (desk) => desk.mailboxes.planRestore(desk.by, desk.mailbox, { sources: ['RecoverableItems'] })),
  restoreItems: row(['Move'], deleted, (desk, item) => desk.mailboxes.restoreItems(desk.by, desk.mailbox, [item.id])),
  restoreFound: row(['FolderBind', 'Move'], deleted, (desk) => drain(desk.mailboxes.restoreFound(desk.by, desk.mailbox, { sources: ['RecoverableItems'] }, { limit: 1 }))), // prettier-ignore
  restoreFolder: row(['Move', 'Move'], (desk) => removed(desk, 'SoftDelete'), (desk, id) => drain(desk.mailboxes.restoreFolder(desk.by, desk.mailbox, id))), // prettier-ignore

  imList: row(['FolderBind'], listed, (desk) => desk.mailboxes.imList(desk.by, desk.mailbox)),
  addImGroup: row(['Create'], nobody, (desk) => desk.mailboxes.addImGroup(desk.by, desk.mailbox, randomUUID())),
  renameImGroup: row(['Update'], group, (desk, of) => desk.mailboxes.renameImGroup(desk.by, of, randomUUID())),
  removeImGroup: row(['HardDelete'], group, (desk, of) => desk.mailboxes.removeImGroup(desk.by, of, 'contacts')),
  addNewImContact: row(['Create', 'Update'], nobody, (desk) => desk.mailboxes.addNewImContact(desk.by, desk.mailbox, { imAddress: `${randomUUID()}@fabrikam.com` })), // prettier-ignore
  addToImGroup: row(['Update'], async (desk) => ({ contact: await listed(desk), of: await group(desk) }), (desk, { contact, of }) => desk.mailboxes.addToImGroup(desk.by, contact, of)), // prettier-ignore
  removeFromImGroup: row(['Update'], member, (desk, { contact, of }) => desk.mailboxes.removeFromImGroup(desk.by, contact, of)),
  removeFromImList: row(['Update', 'HardDelete'], listed, (desk, contact) => desk.mailboxes.removeFromImList(desk.by, contact)),

  createMeeting: row(also(['Create']), nobody, (desk) => desk.mailboxes.createMeeting(desk.by, kind(desk, 'calendar'), called(desk), 'SendOnlyToAll')), // prettier-ignore
  updateMeeting: row(also(['MessageBind', 'Update']), meeting, (desk, item) => desk.mailboxes.updateMeeting(desk.by, item, set('location', 'Here'), { conflict: 'AlwaysOverwrite', send: 'SendOnlyToAll' })), // prettier-ignore
  deleteMeeting: row(also(['SoftDelete']), meeting, (desk, item) =>
    desk.mailboxes.deleteMeeting(desk.by, item, 'SoftDelete', 'SendOnlyToAll'),
  ),
  cancelCalendarItem: row(also(['MoveToDeletedItems']), meeting, (desk, item) => desk.mailboxes.cancelCalendarItem(desk.by, item, { disposition: 'SendOnly' })), // prettier-ignore
  respond: row(also(['MoveToDeletedItems', 'Update']), invited, (desk, item) => desk.mailboxes.respond(desk.by, item, 'Accept', { disposition: 'SendOnly' })), // prettier-ignore
  removeCancelled: row(['MoveToDeletedItems', 'MoveToDeletedItems'], cancelled, (desk, item) =>
    desk.mailboxes.removeCancelled(desk.by, item),
  ),
  forwardMeeting: row(forAnother, meeting, (desk, item) => desk.mailboxes.forwardMeeting(desk.by, item, note('Come too', { toRecipients: [anybody] }), {})), // prettier-ignore
  addToCalendar: row(['Create'], seenElsewhere, (desk, item) => desk.mailboxes.addToCalendar(desk.by, item, desk.mailbox)),

  sendItem: row(forAnother, (desk) => message(desk, 'drafts', fromMary), (desk, item) => desk.mailboxes.sendItem(desk.by, item, {})), // prettier-ignore
  sendNew: row(forAnother, nobody, (desk) => desk.mailboxes.sendNew(desk.by, desk.mailbox, note('Said', fromMary), {})),

  changeInboxRules: row(['UpdateInboxRules'], nobody, (desk) => desk.mailboxes.changeInboxRules(desk.by, desk.mailbox, [{ op: 'create', rule: { name: randomUUID(), priority: 1, enabled: true, conditions: {}, exceptions: {}, actions: { MarkAsRead: true } } }])), // prettier-ignore
  addDelegates: row(['UpdateCalendarDelegation'], withoutDelegate, (desk) => desk.mailboxes.addDelegates(desk.by, desk.mailbox, [{ ...person, recipient: desk.ann.recipient.id }])), // prettier-ignore
  updateDelegates: row(['UpdateCalendarDelegation'], withDelegate, (desk) => desk.mailboxes.updateDelegates(desk.by, desk.mailbox, [{ recipient: desk.ann.recipient.id, private: true }])), // prettier-ignore
  removeDelegates: row(['UpdateCalendarDelegation'], withDelegate, (desk) => desk.mailboxes.removeDelegates(desk.by, desk.mailbox, [desk.ann.recipient.id])), // prettier-ignore
}

async function withoutDelegate({ mailboxes, system, mailbox, ann }: Desk): Promise<void> {
  await mailboxes.removeDelegates(system, mailbox, [ann.recipient.id])
}
async function withDelegate(desk: Desk): Promise<void> {
  await withoutDelegate(desk)
  await desk.mailboxes.addDelegates(desk.system, desk.mailbox, [{ ...person, recipient: desk.ann.recipient.id }])
}
/** An appointment of a calendar that everybody may read. */
async function seenElsewhere(desk: Desk): Promise<ItemRef> {
  const { mailboxes, system, ann } = desk
  const calendar = { mailbox: ann.mailbox, kind: 'calendar' }
  await mailboxes.changeFolderPermission(system, calendar, { user: 'default', how: 'set', rights: 0x401 })
  return (await mailboxes.createItem(system, calendar, appointment(desk))).ref
}

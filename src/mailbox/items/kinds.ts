import { isKind, itemKinds, Refusal, type ItemKind } from '#model'
import type { FolderRow } from '#store'

/** Classes and the kind they make, the longer ones first. What is not here is a message ([MS-OXWSCORE] 2.2.4.24 ItemClass). */
const classes: readonly (readonly [string, ItemKind])[] = [
  ['ipm.schedule.meeting.request', 'meetingRequest'],
  ['ipm.schedule.meeting.resp', 'meetingResponse'],
  ['ipm.schedule.meeting.canceled', 'meetingCancellation'],
  ['ipm.schedule.meeting', 'meetingMessage'],
  ['ipm.appointment', 'calendar'],
  ['ipm.contact', 'contact'],
  ['ipm.distlist', 'list'],
  ['ipm.task', 'task'],
  ['ipm.post', 'post'],
]

/** The kind of item that a class stands for. */
export function kindOfClass(itemClass: string): ItemKind {
  const lower = itemClass.toLowerCase()
  return classes.find(([name]) => lower === name || lower.startsWith(`${name}.`))?.[1] ?? 'message'
}

/**
 * The kind that an item made as `kind` with this class has: a plain item becomes a message (interop 1.6). A class of another kind →
 * ObjectTypeChanged ([MS-OXWSCORE] 3.1.4.2).
 */
export function kindFor(kind: ItemKind, itemClass: string | undefined): ItemKind {
  const made = kind === 'item' ? 'message' : kind
  if (itemClass === undefined || itemClass === '') return made
  const named = kindOfClass(itemClass)
  if (named === made || (isKind(named, made) && kind === 'item')) return named
  throw new Refusal('ObjectTypeChanged', `An item of class '${itemClass}' is no ${itemKinds[kind].element}.`)
}

/** What a folder's class must begin with for new items of a kind, and the refusal otherwise. */
const homes = {
  contact: ['IPF.Contact', 'CannotCreateContactInNonContactFolder'],
  list: ['IPF.Contact', 'CannotCreateContactInNonContactFolder'],
  calendar: ['IPF.Appointment', 'CannotCreateCalendarItemInNonCalendarFolder'],
  task: ['IPF.Task', 'CannotCreateTaskInNonTaskFolder'],
} as const

/** Refuses a new item in a folder that is not for its kind (interop 1.6). Posts go into mail folders alone. */
export function requireHome(kind: ItemKind, folder: FolderRow): void {
  const folderClass = (folder.folderClass ?? 'IPF.Note').toLowerCase()
  if (kind === 'post') {
    const other = Object.values(homes).some(([home]) => folderClass.startsWith(home.toLowerCase()))
    if (other) throw new Refusal('CannotCreatePostItemInNonMailFolder', `The folder '${folder.name}' is not for posts.`)
    return
  }
  if (!(kind in homes)) return
  const [home, code] = homes[kind as keyof typeof homes]
  if (!folderClass.startsWith(home.toLowerCase())) {
    throw new Refusal(code, `The folder '${folder.name}' is not for items of kind ${itemKinds[kind].element}.`)
  }
}

/** What becomes of what is deleted: where each way of deleting leads, what keeps it, and for how long (docs/recoverable-items.md). */
import type { DeleteType } from '#mailbox'
import { day, everything, isActive, isRecoverable, put, subjectOf, type Marks, type Model, type Thing } from './model.ts'

const byLitigation = (model: Model, { received }: Thing) => model.litigation !== undefined && received + model.litigation > model.now
const byContracts = (model: Model, { topic, received }: Thing) =>
  model.contracts !== undefined && topic === 'contract' && received + model.contracts > model.now

/** True while a hold is about it. */
export const isHeld = (model: Model, thing: Thing): boolean => byLitigation(model, thing) || byContracts(model, thing)
/** True while there is any hold on the mailbox. */
const hasHold = ({ litigation, contracts }: Model) => litigation !== undefined || contracts !== undefined

/** True for what has lain in Recoverable Items for its time: 14 days, calendar items 120. */
export const isOver = ({ now }: Model, { kind, deleted }: Pick<Thing, 'kind' | 'deleted'>): boolean =>
  deleted !== undefined && deleted + (kind === 'calendar' ? 120 : 14) * day <= now

/** What a deletion does to a thing within its owner's reach. */
export function dispose(model: Model, thing: Thing, type: DeleteType): void {
  const at = thing.at!
  if (type === 'MoveToDeletedItems' && isActive(model, at)) put(model, thing, 'deleteditems')
  else if (type !== 'HardDelete' && !isRecoverable(at)) put(model, thing, 'recoverableitemsdeletions')
  else {
    const kept = model.singleItemRecovery || byLitigation(model, thing) ? 'recoverableitemspurges' : byContracts(model, thing) ? 'recoverableitemsdiscoveryholds' : undefined // prettier-ignore
    if (!kept) thing.at = undefined
    else put(model, thing, kept)
  }
}

/** Time is over for what lies in Recoverable Items: it goes, or out of its owner's sight where a hold keeps it. */
export function expire(model: Model): void {
  for (const thing of everything(model)) {
    if (!isRecoverable(thing.at) || !isOver(model, thing)) continue
    if (!isHeld(model, thing)) thing.at = undefined
    else if (thing.at === 'recoverableitemsversions') continue
    else if (!byLitigation(model, thing)) put(model, thing, 'recoverableitemsdiscoveryholds')
    else if (thing.at === 'recoverableitemsdeletions') put(model, thing, 'recoverableitemspurges')
  }
  forgetFolders(model)
}

/** Folders that were removed are remembered as long as anything of theirs can be brought back. */
export function forgetFolders(model: Model): void {
  if (hasHold(model)) return
  for (const { removed } of model.folders.values()) if (removed && removed.at < model.now - 120 * day) removed.forgotten = true
}

/** True where a folder that is removed so leaves nothing behind. */
export const leavesNothing = (model: Model, type: DeleteType): boolean =>
  type === 'HardDelete' && !model.singleItemRecovery && !hasHold(model)

export type Change = Partial<Marks & Pick<Thing, 'topic' | 'body' | 'tag'>>

/** Somebody changes a thing: with single item recovery or any hold, what it said before is kept as a version. */
export function change(model: Model, thing: Thing, values: Change): void {
  const differs = (name: keyof Change) => name in values && values[name] !== thing[name]
  const isShown = differs('topic') || differs('body') || (differs('category') && (thing.kind === 'calendar' || model.contracts !== undefined)) // prettier-ignore
  if (isShown && (model.singleItemRecovery || hasHold(model))) {
    const version = { ...thing }
    put(model, version, 'recoverableitemsversions')
    model.versions.push(version)
  }
  Object.assign(thing, values)
}

/** What a thing says, in one line. */
export const described = (thing: Pick<Thing, 'topic' | 'number' | 'body'> & Marks): string =>
  `${subjectOf(thing)}: ${thing.body} ${thing.isRead ? 'read' : 'unread'} ${thing.category} ${thing.flagged ? 'flagged' : ''}`

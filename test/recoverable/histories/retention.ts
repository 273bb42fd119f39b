/** What the folder assistant does with things as time passes, by the tags of the mailbox's policy (docs/decisions/2026-11-28-retention.md). */
import { standsFor } from './folders.ts'
import { dispose, expire } from './keeping.ts'
import { addFolder, day, everything, isDeleted, isRecoverable, type Model, type Place, type Thing } from './model.ts'
import { policies, tags, type Action, type PolicyName, type Tag, type TagName } from './tags.ts'

/** Rounds over both mailboxes until there is nothing left to do. */
export function timePassed(model: Model): void {
  for (const thing of everything(model)) {
    while (thing.at !== undefined && !model.retentionHold) {
      const action = dueAction(model, thing)
      if (!action) break
      act(model, thing, action)
    }
  }
  expire(model)
}

/** What is due of a thing, deletion before archiving. */
function dueAction(model: Model, thing: Thing): Action | undefined {
  if (!model.policy) return undefined
  const isBinned = isDeleted(model, thing.at)
  const tagsInTurn = tagsOf(model, thing, model.policy)
  for (const isArchiving of [false, true]) {
    const tag = tagsInTurn.find(({ action }) => (action === 'MoveToArchive') === isArchiving)
    if (!tag || tag.age === undefined || agesFrom(model, thing) + tag.age * day > model.now) continue
    // In Recoverable Items nothing is deleted by a tag: all of it is kept for its time.
    if (isArchiving ? thing.box === 'archive' : isRecoverable(thing.at) || (isBinned && tag.action === 'MoveToDeletedItems')) continue
    return tag.action
  }
  return undefined
}

/** The tags that are for a thing: its own, those of its folder and the folders above it, those of the policy for where it lies, and for everything. */
function tagsOf(model: Model, { tag, at }: Thing, policy: PolicyName): Tag[] {
  const found: (TagName | undefined)[] = [tag]
  for (let key = at; key !== undefined; key = model.folders.get(key)?.parent) found.push(model.folders.get(key)?.tag)
  const types = isRecoverable(at) ? ['RecoverableItems'] : isDeleted(model, at) ? ['DeletedItems', 'All'] : ['All']
  for (const type of types) found.push(...policies[policy].filter((name) => tags[name].type === type))
  return found.flatMap((name) => (name ? [tags[name]] : []))
}

/** Mail ages from when it came, a calendar item from its end; what lies in Deleted Items from when it came, in Recoverable Items from its deletion. */
function agesFrom(model: Model, { at, kind, received, deleted }: Thing): number {
  if (isRecoverable(at)) return deleted!
  return kind === 'calendar' && !isDeleted(model, at) ? received + 3_600_000 : received
}

function act(model: Model, thing: Thing, action: Action): void {
  if (action === 'MoveToDeletedItems') dispose(model, thing, 'MoveToDeletedItems')
  else if (action === 'DeleteAndAllowRecovery') dispose(model, thing, 'SoftDelete')
  else if (action === 'PermanentlyDelete') dispose(model, thing, 'HardDelete')
  else archive(model, thing)
}

/** It goes to the same folder of the archive; so does the folder that it is stamped with, if that is still there. */
function archive(model: Model, thing: Thing): void {
  const { at, last } = thing
  thing.at = inArchive(model, at!)
  // A folder that was deleted and brought back is the one that stands for it.
  const stamp = last === undefined ? undefined : model.folders.get(last)?.removed ? standsFor(model, last) : last
  thing.last = stamp === undefined ? undefined : inArchive(model, stamp)
  thing.box = 'archive'
  thing.went = undefined
}

/** The folder of the archive at the same path; made where it is not. */
function inArchive(model: Model, key: Place): Place {
  const folder = model.folders.get(key)
  if (!folder) return key
  const parent = inArchive(model, folder.parent)
  const there = [...model.folders].find(([, one]) => one.box === 'archive' && one.parent === parent && one.name === folder.name)
  // In an archive nothing is archived: a tag that does so stays behind.
  const { name } = folder
  const tag = folder.tag && tags[folder.tag].action !== 'MoveToArchive' ? folder.tag : undefined
  return there?.[0] ?? addFolder(model, { box: 'archive', name, tag, parent })
}

/** What becomes of folder trees that are deleted and brought back, and where things go that are (docs/decisions/2026-11-28-recovery.md). */
import type { DeleteType } from '#mailbox'
import { dispose, forgetFolders, leavesNothing } from './keeping.ts'
import { addFolder, freeName, isActive, isDeleted, isThere, itemsIn, present, put, treeOf, type Folder, type Model, type Place, type Thing } from './model.ts' // prettier-ignore

/** The folder above; of one in Deleted Items, the one that it lay in before. */
function activeParent(model: Model, key: Place): Place {
  const { parent, stamp } = model.folders.get(key)!
  return stamp ?? (parent === 'deleteditems' ? 'msgfolderroot' : parent)
}

/** The nearest folder from here upwards that is there and not deleted, or what was made of it when it was brought back. */
function livingAncestor(model: Model, key: Place): Place {
  const folder = model.folders.get(key)
  if (!folder) return key === 'deleteditems' ? 'msgfolderroot' : key
  if (isActive(model, key)) return key
  const { removed } = folder
  if (!removed) return livingAncestor(model, activeParent(model, key))
  return livingAncestor(model, removed.forgotten ? 'msgfolderroot' : (removed.restoredAs ?? removed.parent))
}

/** What a folder that something lay in once stands for by now: itself, or what was made of it; undefined = nothing that items can go to. */
export function standsFor(model: Model, key: Place): Place | undefined {
  const removed = model.folders.get(key)?.removed
  if (!removed) return isActive(model, key) ? key : undefined
  return removed.forgotten || removed.restoredAs === undefined ? undefined : standsFor(model, removed.restoredAs)
}

/** To the folder that it last lay in, if that is still there and not deleted itself; else to the default folder of its type. */
export function restoreItem(model: Model, thing: Thing): void {
  if (isActive(model, thing.at!)) return
  const last = thing.last === undefined ? undefined : standsFor(model, thing.last)
  put(model, thing, last ?? defaultFolder(thing))
}

/** An archive has no calendar before one is archived; what comes out of it knows its folder. */
const defaultFolder = ({ kind }: Thing): Place => (kind === 'calendar' ? 'calendar' : 'inbox')

export function deleteFolder(model: Model, key: Place, type: DeleteType): void {
  const folder = model.folders.get(key)!
  if (type !== 'MoveToDeletedItems' || !isActive(model, key)) return removeTree(model, key, type)
  folder.stamp = folder.parent
  folder.parent = 'deleteditems'
  folder.name = freeName(model, folder, key)
}

export function emptyDeletedItems(model: Model, type: DeleteType): void {
  for (const item of itemsIn(model, 'mailbox', 'deleteditems')) dispose(model, item, type)
  const trees = [...model.folders].filter(([, { box, parent, removed }]) => box === 'mailbox' && parent === 'deleteditems' && !removed)
  for (const [key] of trees) removeTree(model, key, type)
}

/** Its items go where the type says; what the folders were is remembered. */
function removeTree(model: Model, top: Place, type: DeleteType): void {
  const tree = treeOf(model, top)
  for (const key of tree.toReversed()) {
    const folder = model.folders.get(key)!
    for (const item of itemsIn(model, 'mailbox', key)) {
      dispose(model, item, type)
      item.went = key
    }
    const parent = key === top ? activeParent(model, key) : folder.parent
    const forgotten = leavesNothing(model, type)
    if (!forgotten) forgetFolders(model)
    folder.removed = { top, parent, at: model.now, forgotten, restoredAs: undefined }
  }
}

/** Folders that somebody may ask back: removed for good and remembered, or in Deleted Items. */
export const deletedFolders = (model: Model): Place[] =>
  [...model.folders].flatMap(([key, { box, removed }]) => (box === 'mailbox' && (removed || isDeleted(model, key)) ? [key] : []))

/** A deleted folder comes back as it was; false = nobody remembers it. */
export function restoreFolder(model: Model, key: Place, byAdministrator: boolean): boolean {
  const folder = model.folders.get(key)!
  if (!folder.removed) {
    if (!isActive(model, key)) goesBack(model, key, folder)
    return true
  }
  if (folder.removed.forgotten) return false
  for (const one of removedTree(model, key)) {
    const stand = madeAgain(model, one)
    for (const item of wentWith(model, one, byAdministrator)) put(model, item, stand)
  }
  return true
}

function goesBack(model: Model, key: Place, folder: Folder): void {
  folder.parent = livingAncestor(model, folder.stamp ?? folder.parent)
  folder.stamp = undefined
  folder.name = freeName(model, folder, key)
}

/** The removed folder and those below it that went with it, parents first. */
function removedTree(model: Model, root: Place): Place[] {
  const { top } = model.folders.get(root)!.removed!
  const below = [...model.folders].filter(([key, { removed }]) => key !== root && removed?.top === top && removed.parent === root && !removed.forgotten) // prettier-ignore
  return [root, ...below.flatMap(([key]) => removedTree(model, key))]
}

function madeAgain(model: Model, key: Place): Place {
  const { name, tag, removed } = model.folders.get(key)!
  const { restoredAs, parent } = removed!
  if (restoredAs !== undefined && isThere(model, restoredAs) && isActive(model, restoredAs)) return restoredAs
  return (removed!.restoredAs = addFolder(model, { box: 'mailbox', name, tag, parent: livingAncestor(model, parent) }))
}

/** What went when the folder went. What was deleted out of it before stays deleted; what was purged comes back for administrators alone. */
function wentWith(model: Model, key: Place, byAdministrator: boolean): Thing[] {
  const sources = ['recoverableitemsdeletions', ...(byAdministrator ? ['recoverableitemspurges'] : [])]
  return present(model).filter(({ box, at, went }) => box === 'mailbox' && sources.includes(at!) && went === key)
}

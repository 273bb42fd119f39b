/** A mailbox and its archive as a simple model: what there is, where it lies, and what moving it changes. */
import type { PolicyName, TagName } from './tags.ts'

export const day = 86_400_000

/** Of an owner's two mailboxes. */
export type Box = 'mailbox' | 'archive'
/** A default folder by its kind, or a folder of the model by its key; within one box. */
export type Place = string

/** What recovery has to leave as it was. */
export interface Marks {
  isRead: boolean
  category: string
  flagged: boolean
}

/** An item, or a version of one. */
export interface Thing extends Marks {
  number: number
  kind: 'message' | 'calendar'
  /** The first word of its subject, by which a hold may be about it. */
  topic: string
  body: string
  tag: TagName | undefined
  received: number
  box: Box
  /** Where it lies; undefined = it is gone. */
  at: Place | undefined
  /** The folder that it last lay in among what is not deleted. */
  last: Place | undefined
  /** When it came to Recoverable Items. */
  deleted: number | undefined
  /** The folder whose removal took it there. */
  went: Place | undefined
}

export interface Folder {
  box: Box
  name: string
  /** How long what lies in it is kept, unless it has a tag of its own. */
  tag: TagName | undefined
  parent: Place
  /** Of one in Deleted Items: the folder above it before. */
  stamp: Place | undefined
  /** It was removed for good, and this is remembered of it. */
  removed?: Removed
}
export interface Removed {
  top: Place
  parent: Place
  at: number
  /** Nobody can bring it back any more. */
  forgotten: boolean
  restoredAs: Place | undefined
}

export interface Model {
  now: number
  items: Map<number, Thing>
  versions: Thing[]
  folders: Map<Place, Folder>
  /** How long litigation hold keeps an item from when it came; Infinity = for good, undefined = there is none. The same of a hold on contracts. */
  litigation: number | undefined
  contracts: number | undefined
  singleItemRecovery: boolean
  policy: PolicyName | undefined
  /** Retention policies wait. */
  retentionHold: boolean
}

export const newModel = (now: number): Model => ({
  ...{ now, items: new Map(), versions: [], folders: new Map(), litigation: undefined, contracts: undefined },
  ...{ singleItemRecovery: true, policy: undefined, retentionHold: false },
})

export const everything = (model: Model): Thing[] => [...model.items.values(), ...model.versions]
export const present = (model: Model): Thing[] => [...model.items.values()].filter(({ at }) => at !== undefined)
export const subjectOf = ({ topic, number }: Pick<Thing, 'topic' | 'number'>) => `${topic} #${number}`

const recoverable: ReadonlySet<string | undefined> = new Set([
  'recoverableitemsdeletions',
  'recoverableitemsversions',
  'recoverableitemspurges',
  'recoverableitemsdiscoveryholds',
])
export const isRecoverable = (at: Place | undefined): boolean => recoverable.has(at)

/** True for Deleted Items, and for a folder in it. */
export function isDeleted(model: Model, at: Place | undefined): boolean {
  for (let folder = at; folder !== undefined; folder = model.folders.get(folder)?.parent) if (folder === 'deleteditems') return true
  return false
}

/** True for a folder that is there and not deleted. Default folders always are. */
export function isActive(model: Model, at: Place): boolean {
  return !model.folders.get(at)?.removed && !isRecoverable(at) && !isDeleted(model, at)
}

export const isThere = (model: Model, folder: Place): boolean => !model.folders.get(folder)?.removed

/** A thing moves: what is deleted is stamped with the folder that it last lay in, what comes back is not; the first day in Recoverable Items counts. */
export function put(model: Model, thing: Thing, to: Place): void {
  const from = thing.at!
  if (isActive(model, from)) thing.last = from
  else if (thing.last === undefined && model.folders.has(from)) thing.last = from
  if (isActive(model, to)) thing.last = undefined
  if (!isRecoverable(from) || !isRecoverable(to)) {
    thing.deleted = isRecoverable(to) ? model.now : undefined
    thing.went = undefined
  }
  thing.at = to
}

/** A folder and all below it, parents first. */
export function treeOf(model: Model, root: Place): Place[] {
  const below = [...model.folders].filter(([key, { parent }]) => parent === root && isThere(model, key)).map(([key]) => key)
  return [root, ...below.flatMap((key) => treeOf(model, key))]
}

export const itemsIn = (model: Model, box: Box, folder: Place) => present(model).filter((item) => item.box === box && item.at === folder)

/** The name in this folder that nobody else has: the name itself, else with a number behind it. */
export function freeName(model: Model, { box, name, parent }: Folder, self: Place | undefined): string {
  const taken = new Set(
    [...model.folders].filter(([key, one]) => key !== self && one.box === box && one.parent === parent && !one.removed).map(([, one]) => one.name), // prettier-ignore
  )
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? name : `${name}${number}`
    if (!taken.has(candidate)) return candidate
  }
}

/** Makes a folder of the model; its key. */
export function addFolder(model: Model, folder: Omit<Folder, 'stamp'>): Place {
  const key = `folder ${model.folders.size}`
  model.folders.set(key, { ...folder, stamp: undefined, name: freeName(model, { ...folder, stamp: undefined }, undefined) })
  return key
}

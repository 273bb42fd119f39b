/** Histories of one mailbox, and what a simple model says must have become of every item (source R2). */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DeleteType } from '#mailbox'
import type { ActedMailbox, Operation, Place } from './acted-mailbox.ts'

const day = 86_400_000

interface ModelItem {
  kind: 'message' | 'calendar'
  /** Where it lies: a folder of the model, or a default folder; undefined = gone. */
  at: string | undefined
  /** The folder that it is stamped with. */
  last?: string
  deleted?: number
}
interface ModelFolder {
  parent: string
  /** False once it was removed for good. */
  alive: boolean
}
export interface Model {
  folders: Map<string, ModelFolder>
  items: Map<string, ModelItem>
  hold: boolean
  singleItemRecovery: boolean
  now: number
}
export interface Real {
  mailbox: ActedMailbox
  /** Numbers of the model's folders. */
  numbers: Map<string, number>
}

export const newModel = (now: number): Model => ({
  folders: new Map(),
  items: new Map(),
  hold: false,
  singleItemRecovery: true,
  now,
})

const special: readonly string[] = ['deleteditems', 'recoverableitemsdeletions', 'recoverableitemspurges']
const isRecoverable = (at: string | undefined) => at === 'recoverableitemsdeletions' || at === 'recoverableitemspurges'

/** True for what lies in Deleted Items, in a folder of it as well. */
function isDeleted(model: Model, at: string | undefined): boolean {
  for (let folder = at; folder !== undefined; folder = model.folders.get(folder)?.parent) if (folder === 'deleteditems') return true
  return false
}
const isActive = (model: Model, at: string) => !isRecoverable(at) && !isDeleted(model, at)

function put(model: Model, item: ModelItem, to: string): void {
  const from = item.at!
  if (isActive(model, to)) {
    delete item.last
    delete item.deleted
  } else {
    const parent = isActive(model, from) ? from : (item.last ?? (!special.includes(from) ? from : undefined))
    if (parent === undefined) delete item.last
    else item.last = parent
    if (isRecoverable(to)) item.deleted = isRecoverable(from) ? (item.deleted ?? model.now) : model.now
    else delete item.deleted
  }
  item.at = to
}

/** What a deletion does; false = it is refused. */
function dispose(model: Model, item: ModelItem, type: DeleteType): boolean {
  const at = item.at!
  if (at === 'recoverableitemspurges') return false
  if (type === 'MoveToDeletedItems' && isActive(model, at)) put(model, item, 'deleteditems')
  else if (type !== 'HardDelete' && !isRecoverable(at)) put(model, item, 'recoverableitemsdeletions')
  else if (!model.singleItemRecovery && !model.hold) item.at = undefined
  else put(model, item, 'recoverableitemspurges')
  return true
}

function treeOf(model: Model, root: string): string[] {
  const below = [...model.folders].filter(([, folder]) => folder.alive && folder.parent === root).map(([name]) => name)
  return [root, ...below.flatMap((name) => treeOf(model, name))]
}

const itemsIn = (model: Model, folder: string) => [...model.items.values()].filter(({ at }) => at === folder)

/** A folder of the model as an operation names it. */
const placeOf = (real: Real, name: string): Place => real.numbers.get(name) ?? name

async function compare(model: Model, real: Real): Promise<void> {
  const { items, folders } = await real.mailbox.look()
  const names = new Map(folders.map(({ number, kind, name }) => [number, kind || name]))
  for (const [name, number] of real.numbers) names.set(number, name)
  const found = new Map(items.map((item) => [item.subject, item]))
  for (const [subject, item] of model.items) {
    const there = found.get(subject)
    assert.equal(there && names.get(there.folder), item.at, `${subject} lies elsewhere`)
    if (there)
      assert.equal(there.stamp === undefined ? undefined : names.get(there.stamp), item.last, `${subject} is stamped with another folder`)
  }
  assert.equal(items.length, [...model.items.values()].filter(({ at }) => at !== undefined).length)
}

/** Does it, and again when the process died in the midst of it: a person who saw no answer looks, and asks for what is not done. */
async function perform(model: Model, real: Real, operation: Operation): Promise<string | undefined> {
  const { refused, folder } = await real.mailbox.perform(operation, model.now)
  if (operation.do === 'createFolder' && folder !== undefined) real.numbers.set(operation.name, folder)
  return refused === 'killed' ? again(model, real, operation) : refused
}

async function again(model: Model, real: Real, operation: Operation): Promise<string | undefined> {
  const { items, folders } = await real.mailbox.look()
  const numberOf = (name: string) => real.numbers.get(name) ?? folders.find(({ kind }) => kind === name)?.number
  switch (operation.do) {
    case 'createItem':
      if (items.some(({ subject }) => subject === operation.subject)) return undefined
      break
    case 'createFolder': {
      const made = folders.find(({ name }) => name === operation.name)
      if (made) return void real.numbers.set(operation.name, made.number)
      break
    }
    case 'moveItem':
    case 'restore':
    case 'deleteItem': {
      const there = items.find(({ subject }) => subject === operation.subject)
      if (there?.folder !== numberOf(model.items.get(operation.subject)!.at!)) return undefined
      break
    }
    case 'deleteFolder': {
      const there = folders.find(({ number }) => number === operation.folder)
      const [name = ''] = [...real.numbers].find(([, number]) => number === operation.folder) ?? []
      if (!there || (isActive(model, name) && there.parent === numberOf('deleteditems'))) return undefined
      break
    }
    default:
  }
  return perform(model, real, operation)
}

interface Step {
  what: string
  /** Picks one of what there is. */
  pick: number
  to: number
  type: DeleteType
  days: number
}

const pickFrom = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)]

class Act implements fc.AsyncCommand<Model, Real> {
  readonly step: Step
  constructor(step: Step) {
    this.step = step
  }
  check = () => true
  toString = () => JSON.stringify(this.step)
  async run(model: Model, real: Real): Promise<void> {
    await acts[this.step.what]!(model, real, this.step)
    const held = model.hold ? [...model.items.values()].filter(({ at }) => at === undefined).length : 0
    await compare(model, real)
    // What is gone went before the hold.
    this.lost(model, held)
  }
  lost(model: Model, gone: number): void {
    const before = goneBefore.get(model) ?? 0
    if (model.hold) assert.ok(gone <= before, 'something under hold was lost')
    else goneBefore.set(model, [...model.items.values()].filter(({ at }) => at === undefined).length)
  }
}
const goneBefore = new WeakMap<Model, number>()

const places = (model: Model) => ['inbox', ...[...model.folders].filter(([, folder]) => folder.alive).map(([name]) => name)]
const present = (model: Model) => [...model.items].filter(([, item]) => item.at !== undefined)

const acts: Record<string, (model: Model, real: Real, step: Step) => Promise<void>> = {
  async create(model, real, { pick, to }) {
    const kind = pick % 5 === 0 ? 'calendar' : 'message'
    const at = kind === 'calendar' ? 'calendar' : pickFrom(places(model), to)!
    const subject = `item ${model.items.size}`
    await perform(model, real, { do: 'createItem', subject, kind, folder: placeOf(real, at) })
    model.items.set(subject, { kind, at })
  },
  async makeFolder(model, real, { to }) {
    if (model.folders.size >= 8) return
    const parent = pickFrom(['inbox', ...[...model.folders].filter(([name, folder]) => folder.alive && isActive(model, name)).map(([name]) => name)], to)! // prettier-ignore
    const name = `folder ${model.folders.size}`
    await perform(model, real, { do: 'createFolder', name, parent: placeOf(real, parent) })
    model.folders.set(name, { parent, alive: true })
  },
  async rename(model, real, { pick }) {
    const name = pickFrom(places(model).slice(1), pick)
    if (name === undefined) return
    await perform(model, real, { do: 'renameFolder', folder: placeOf(real, name), name: `${name} ${model.now} ${pick}` })
  },
  async moveItem(model, real, { pick, to }) {
    const [subject, item] =
      pickFrom(
        present(model).filter(([, { at }]) => at !== 'recoverableitemspurges'),
        pick,
      ) ?? []
    if (!subject || !item) return
    const target = pickFrom([...(item.kind === 'calendar' ? ['calendar'] : places(model)), 'deleteditems'], to)!
    await perform(model, real, { do: 'moveItem', subject, to: placeOf(real, target) })
    put(model, item, target)
  },
  async deleteItem(model, real, { pick, type }) {
    const [subject, item] = pickFrom(present(model), pick) ?? []
    if (!subject || !item) return
    const refused = await perform(model, real, { do: 'deleteItem', subject, type })
    // What is purged is out of its owner's reach.
    assert.equal(refused, dispose(model, item, type) ? undefined : 'ItemNotFound')
  },
  async restore(model, real, { pick }) {
    const [subject, item] = pickFrom(present(model), pick) ?? []
    if (!subject || !item) return
    const refused = await perform(model, real, { do: 'restore', subject })
    if (item.at === 'recoverableitemspurges') return assert.equal(refused, 'ItemNotFound')
    assert.equal(refused, undefined)
    if (isActive(model, item.at!)) return
    // To the folder that it last lay in, if that is still there and not deleted itself; else to the default folder of its type.
    const { last } = item
    const folder = last === undefined ? undefined : model.folders.get(last)
    const stands = last !== undefined && (folder ? folder.alive && isActive(model, last) : true)
    put(model, item, stands ? last : item.kind === 'calendar' ? 'calendar' : 'inbox')
  },
  async deleteFolder(model, real, { pick, type }) {
    const name = pickFrom(places(model).slice(1), pick)
    if (name === undefined) return
    await perform(model, real, { do: 'deleteFolder', folder: placeOf(real, name), type })
    const folder = model.folders.get(name)!
    if (type === 'MoveToDeletedItems' && isActive(model, name)) return void (folder.parent = 'deleteditems')
    removed(model, name, type)
  },
  async emptyDeletedItems(model, real, { type }) {
    await perform(model, real, { do: 'emptyFolder', folder: 'deleteditems', type })
    for (const [name, folder] of model.folders) if (folder.alive && folder.parent === 'deleteditems') removed(model, name, type)
    for (const item of itemsIn(model, 'deleteditems')) dispose(model, item, type)
  },
  async hold(model, real, { pick }) {
    model.hold = pick % 2 === 0
    await perform(model, real, { do: 'keep', values: { LitigationHoldEnabled: model.hold } })
  },
  async singleItemRecovery(model, real, { pick }) {
    model.singleItemRecovery = pick % 3 !== 0
    await perform(model, real, { do: 'keep', values: { SingleItemRecoveryEnabled: model.singleItemRecovery } })
  },
  async timePasses(model, real, { days }) {
    model.now += days * day
    await perform(model, real, { do: 'expire' })
    for (const item of model.items.values()) {
      if (!isRecoverable(item.at) || item.deleted! + (item.kind === 'calendar' ? 120 : 14) * day > model.now) continue
      if (!model.hold) item.at = undefined
      else if (item.at === 'recoverableitemsdeletions') item.at = 'recoverableitemspurges'
    }
  },
}

function removed(model: Model, root: string, type: DeleteType): void {
  for (const name of treeOf(model, root)) {
    for (const item of itemsIn(model, name)) dispose(model, item, type)
  }
  for (const name of treeOf(model, root)) model.folders.get(name)!.alive = false
}

const weights: Record<string, number> = { create: 5, makeFolder: 2, rename: 1, moveItem: 3, deleteItem: 7, restore: 3, deleteFolder: 2, emptyDeletedItems: 1, hold: 1, singleItemRecovery: 1, timePasses: 2 } // prettier-ignore

export const histories = (maxCommands: number) =>
  fc.commands(
    [
      fc
        .record({
          what: fc.constantFrom(...Object.entries(weights).flatMap(([what, times]) => Array.from({ length: times }, () => what))),
          pick: fc.nat(1000),
          to: fc.nat(1000),
          type: fc.constantFrom<DeleteType>('MoveToDeletedItems', 'SoftDelete', 'HardDelete'),
          days: fc.constantFrom(1, 5, 14, 30, 130),
        })
        .map((step) => new Act(step)),
    ],
    { maxCommands, size: 'max' },
  )

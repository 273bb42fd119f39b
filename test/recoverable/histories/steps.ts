/** The steps of histories: what is done to the mailbox, and the same said of the model. */
import assert from 'node:assert/strict'
import type { DeleteType } from '#mailbox'
import type { Operation, Spot } from './acted-mailbox.ts'
import { named, type Real } from './compare.ts'
import { deletedFolders, deleteFolder, emptyDeletedItems, restoreFolder, restoreItem } from './folders.ts'
import { change, dispose, type Change } from './keeping.ts'
import { addFolder, day, isActive, isRecoverable, present, put, type Box, type Model, type Place, type Thing } from './model.ts' // prettier-ignore
import { done, perform } from './perform.ts'
import { timePassed } from './retention.ts'
import { personalTags, policyNames } from './tags.ts'

/** What chance decides of a step. */
export interface Choice {
  /** Picks one of what there is. */
  pick: number
  to: number
  type: DeleteType
  days: number
  yes: boolean
}

type Step = (model: Model, real: Real, choice: Choice) => Promise<void>

const pickFrom = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)]
const topics = ['contract', 'chat'] as const
/** What lies there is out of its owner's reach. */
const hidden: readonly Place[] = ['recoverableitemspurges', 'recoverableitemsdiscoveryholds']

/** The model's folders that are there. */
const foldersOf = (model: Model, box: Box) => [...model.folders].filter(([, folder]) => folder.box === box && !folder.removed).map(([key]) => key) // prettier-ignore
const spot = (real: Real, box: Box, place: Place): Spot => ({ box, folder: real.numbers.get(named(box, place)) ?? place })

async function changeItem(model: Model, real: Real, thing: Thing, values: Change): Promise<void> {
  await done(model, real, { do: 'changeItem', item: thing.number, values: { ...values, topic: values.topic ?? thing.topic } })
  change(model, thing, values)
}

async function keep(model: Model, real: Real, values: Extract<Operation, { do: 'keep' }>['values']): Promise<void> {
  await done(model, real, { do: 'keep', values })
}

export const steps: Readonly<Record<string, { weight: number; run: Step }>> = {
  create: {
    weight: 6,
    async run(model, real, { pick, to, yes }) {
      const kind = pick % 5 === 0 ? 'calendar' : 'message'
      const at = kind === 'calendar' ? 'calendar' : pickFrom(['inbox', ...foldersOf(model, 'mailbox')], to)!
      const number = model.items.size
      const marks = {
        isRead: yes || kind === 'calendar',
        category: pick % 2 === 0 ? 'Red' : 'Blue',
        flagged: kind === 'message' && pick % 3 === 0,
      }
      const said = { number, kind, topic: pickFrom(topics, pick)!, body: `said at ${model.now}`, ...marks } as const
      const tag = pick % 4 === 0 ? pickFrom(personalTags, to) : undefined
      await done(model, real, { do: 'createItem', item: { ...said, tag }, in: spot(real, 'mailbox', at) })
      const nowhere = { last: undefined, deleted: undefined, went: undefined }
      model.items.set(number, { ...said, tag, received: model.now, box: 'mailbox', at, ...nowhere })
    },
  },
  change: {
    weight: 4,
    async run(model, real, { pick, to, yes }) {
      const thing = pickFrom(present(model).filter(({ at }) => !isRecoverable(at)), pick) // prettier-ignore
      if (!thing) return
      const changes: Change[] = [
        { body: `said at ${model.now}` },
        { topic: pickFrom(topics, pick + 1)! },
        { category: yes ? 'Red' : 'Green' },
        ...(thing.kind === 'message' ? [{ isRead: yes }, { flagged: yes }] : []),
        { tag: pickFrom([...personalTags, undefined], pick) },
      ]
      await changeItem(model, real, thing, pickFrom(changes, to)!)
    },
  },
  makeFolder: {
    weight: 2,
    async run(model, real, { to }) {
      if (foldersOf(model, 'mailbox').length >= 8) return
      const parent = pickFrom(['inbox', ...foldersOf(model, 'mailbox').filter((key) => isActive(model, key))], to)!
      const name = `made at ${model.now}`
      await done(model, real, { do: 'createFolder', name, parent: spot(real, 'mailbox', parent) })
      addFolder(model, { box: 'mailbox', name, tag: undefined, parent })
    },
  },
  renameFolder: {
    weight: 1,
    async run(model, real, { pick }) {
      const key = pickFrom(foldersOf(model, 'mailbox'), pick)
      if (key === undefined) return
      const name = `named at ${model.now}`
      await done(model, real, { do: 'renameFolder', folder: spot(real, 'mailbox', key), name })
      model.folders.get(key)!.name = name
    },
  },
  tagFolder: {
    weight: 1,
    async run(model, real, { pick, to }) {
      const key = pickFrom(foldersOf(model, 'mailbox'), pick)
      if (key === undefined) return
      const tag = pickFrom([...personalTags, undefined], to)
      await done(model, real, { do: 'tagFolder', folder: spot(real, 'mailbox', key), tag })
      model.folders.get(key)!.tag = tag
    },
  },
  moveItem: {
    weight: 3,
    async run(model, real, { pick, to }) {
      const thing = pickFrom(present(model).filter(({ at }) => !hidden.includes(at!)), pick) // prettier-ignore
      if (!thing) return
      const target = pickFrom([...(thing.kind === 'calendar' ? [] : ['inbox', ...foldersOf(model, thing.box)]), 'deleteditems'], to)!
      await done(model, real, { do: 'moveItem', item: thing.number, to: spot(real, thing.box, target) })
      put(model, thing, target)
    },
  },
  deleteItem: {
    weight: 7,
    async run(model, real, { pick, type }) {
      const thing = pickFrom(present(model), pick)
      if (!thing) return
      const refused = await perform(model, real, { do: 'deleteItem', item: thing.number, type })
      if (hidden.includes(thing.at!)) return assert.equal(refused, 'ItemNotFound')
      assert.equal(refused, undefined)
      dispose(model, thing, type)
    },
  },
  restoreItem: {
    weight: 3,
    async run(model, real, { pick, yes: byAdministrator }) {
      const thing = pickFrom(present(model), pick)
      if (!thing) return
      const refused = await perform(model, real, { do: 'restoreItem', item: thing.number, byAdministrator })
      if (hidden.includes(thing.at!) && !byAdministrator) return assert.equal(refused, 'ItemNotFound')
      assert.equal(refused, undefined)
      restoreItem(model, thing)
    },
  },
  deleteFolder: {
    weight: 2,
    async run(model, real, { pick, type }) {
      const key = pickFrom(foldersOf(model, 'mailbox'), pick)
      if (key === undefined) return
      await done(model, real, { do: 'deleteFolder', folder: spot(real, 'mailbox', key), type })
      deleteFolder(model, key, type)
    },
  },
  emptyDeletedItems: {
    weight: 1,
    async run(model, real, { type }) {
      await done(model, real, { do: 'emptyFolder', folder: spot(real, 'mailbox', 'deleteditems'), type })
      emptyDeletedItems(model, type)
    },
  },
  restoreFolder: {
    weight: 3,
    async run(model, real, { pick, yes: byAdministrator }) {
      const key = pickFrom(deletedFolders(model), pick)
      if (key === undefined) return
      const refused = await perform(model, real, { do: 'restoreFolder', folder: real.numbers.get(named('mailbox', key))!, byAdministrator })
      assert.equal(refused, restoreFolder(model, key, byAdministrator) ? undefined : 'FolderNotFound')
    },
  },
  litigationHold: {
    weight: 1,
    async run(model, real, { to }) {
      model.litigation = pickFrom([Infinity, undefined, 60 * day], to)
      const LitigationHoldDuration = Number.isFinite(model.litigation) ? '60' : 'Unlimited'
      await keep(model, real, { LitigationHoldEnabled: model.litigation !== undefined, LitigationHoldDuration })
    },
  },
  holdOnContracts: {
    weight: 1,
    async run(model, real, { to }) {
      model.contracts = pickFrom([Infinity, undefined, 45 * day], to)
      const period = model.contracts === undefined ? undefined : model.contracts === Infinity ? 'Unlimited' : '45'
      await done(model, real, { do: 'hold', query: 'subject:contract', period })
    },
  },
  singleItemRecovery: {
    weight: 1,
    async run(model, real, { pick }) {
      model.singleItemRecovery = pick % 3 !== 0
      await keep(model, real, { SingleItemRecoveryEnabled: model.singleItemRecovery })
    },
  },
  retentionPolicy: {
    weight: 1,
    async run(model, real, { pick }) {
      model.policy = pickFrom([...policyNames, undefined], pick)
      await keep(model, real, { RetentionPolicy: model.policy ?? '' })
    },
  },
  retentionHold: {
    weight: 1,
    async run(model, real, { pick }) {
      model.retentionHold = pick % 4 === 0
      await keep(model, real, { RetentionHoldEnabled: model.retentionHold })
    },
  },
  timePasses: {
    weight: 3,
    async run(model, real, { days }) {
      model.now += days * day
      await done(model, real, { do: 'assist' })
      timePassed(model)
    },
  },
}

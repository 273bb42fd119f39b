/** Random histories of one mailbox under holds that come and go, against a simple model: what was held when it was deleted or changed is there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createTextIndex, type ItemRef, type Mailboxes } from '#mailbox'
import { Refusal, systemCaller, type Caller } from '#model'
import type { FolderRow, Store } from '#store'
import { keepingOf } from '../../src/mailbox/recoverable/keeping.ts'
import { mayGo } from '../../src/mailbox/recoverable/may-go.ts'
import { people, type People } from '../mailbox/people.ts'
import { quickEngines } from '../support/engines.ts'

const places = ['inbox', 'deleteditems', 'recoverableitemsdeletions', 'junkemail'] as const
/** Nothing is made in Recoverable Items. */
const made = ['inbox', 'deleteditems', 'junkemail'] as const
const deletions = ['HardDelete', 'SoftDelete', 'MoveToDeletedItems'] as const
const kinds = ['contract', 'chat'] as const
type Place = (typeof places)[number]

type Step =
  | { is: 'create'; kind: (typeof kinds)[number]; place: Place }
  | { is: 'change'; which: number; kind: (typeof kinds)[number] }
  | { is: 'delete'; which: number; type: (typeof deletions)[number] }
  | { is: 'move'; which: number; place: Place }
  | { is: 'empty'; place: Place; type: (typeof deletions)[number] }
  | { is: 'litigation' | 'query' | 'recovery'; on: boolean }
  | { is: 'time'; days: number }
  | { is: 'expire' }

const which = fc.nat(30)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ is: fc.constant('create' as const), kind: fc.constantFrom(...kinds), place: fc.constantFrom(...made) }) }, // prettier-ignore
    { weight: 4, arbitrary: fc.record({ is: fc.constant('change' as const), which, kind: fc.constantFrom(...kinds) }) },
    { weight: 6, arbitrary: fc.record({ is: fc.constant('delete' as const), which, type: fc.constantFrom(...deletions) }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('move' as const), which, place: fc.constantFrom(...places) }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('empty' as const), place: fc.constantFrom(...places), type: fc.constantFrom(...deletions) }) }, // prettier-ignore
    { weight: 4, arbitrary: fc.record({ is: fc.constantFrom('litigation' as const, 'query' as const, 'recovery' as const), on: fc.boolean() }) }, // prettier-ignore
    { weight: 1, arbitrary: fc.record({ is: fc.constant('time' as const), days: fc.integer({ min: -3, max: 40 }) }) },
    { weight: 3, arbitrary: fc.record({ is: fc.constant('expire' as const) }) },
  ),
  { minLength: 5, maxLength: 40 },
)

/** What a history may begin with: most of what can be lost is lost where single item recovery is off and a hold by query alone keeps it. */
const beginnings: Step[] = [
  { is: 'recovery', on: false },
  { is: 'query', on: true },
]

/** Lets every item of Recoverable Items go whose time could be over: all of them. */
async function expire(store: Store, clock: () => number, mailbox: string): Promise<void> {
  await store.write(async (tx) => {
    const keeping = await keepingOf(tx, mailbox)
    const root = await tx.folders.byKind(mailbox, 'recoverableitemsroot')
    for (const folder of await tx.folders.tree(mailbox, root!.id)) {
      const rows = await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: [{ column: 'id', descending: false }], limit: 500 }) // prettier-ignore
      for (const row of rows) if (await mayGo(tx, { clock }, keeping, row, folder)) await tx.items.remove(mailbox, row.id)
    }
  })
}

/** One mailbox with what the model knows of it: the texts that must not be lost. */
async function history(site: People, mailbox: string, id: string, all: readonly Step[]): Promise<void> {
  const { mailboxes, store, organisation, clock, directory } = site
  const owner: Caller = await directory.callerFor((await directory.recipient(organisation, id))!)
  const system = systemCaller(organisation)
  const on = { litigation: false, query: false }
  const held = new Set<string>()
  let count = 0
  const everything = async () =>
    store.read(async (tx) => {
      const root = (await tx.folders.byKind(mailbox, 'root'))!
      const folders: FolderRow[] = [root, ...(await tx.folders.tree(mailbox, root.id))]
      return tx.items.rows({ mailbox, folders: folders.map((one) => one.id), associated: false, order: [{ column: 'id', descending: false }], limit: 1000 }) // prettier-ignore
    })
  /** The owner, or an administrator, who reaches what is purged too. */
  const by = (which: number) => (which % 2 === 0 ? owner : system)
  const isHeld = (text: string) => on.litigation || (on.query && text.startsWith('contract'))
  const pick = async (index: number): Promise<ItemRef | undefined> => {
    const rows = await everything()
    const row = rows[index % Math.max(1, rows.length)]
    return row && { mailbox, id: row.id }
  }
  for (const step of all) {
    await done(mailboxes, step)
    const there = (await everything()).map((row) => row.subject)
    // What a hold is about while it is on is kept; what none is about any more may go.
    for (const text of [...held]) if (!isHeld(text)) held.delete(text)
    for (const text of held) assert.ok(there.includes(text), `'${text}' was held, and is gone after ${JSON.stringify(step)}`)
    for (const text of there) if (isHeld(text)) held.add(text)
  }

  async function done(verbs: Mailboxes, step: Step): Promise<void> {
    const text = 'kind' in step ? `${step.kind} ${++count}` : ''
    try {
      switch (step.is) {
        case 'create':
          return void (await verbs.createItem(owner, { mailbox, kind: step.place }, { kind: 'message', properties: { subject: text, body: { type: 'Text', value: 'words' } } })) // prettier-ignore
        case 'change': {
          const item = await pick(step.which)
          const change = { op: 'set' as const, path: { property: 'subject' }, value: text }
          return void (item && (await verbs.updateItem(owner, item, [change], { conflict: 'AlwaysOverwrite' })))
        }
        case 'delete': {
          const item = await pick(step.which)
          return void (item && (await verbs.deleteItem(by(step.which), item, step.type)))
        }
        case 'move': {
          const item = await pick(step.which)
          return void (item && (await verbs.moveItem(by(step.which), item, { mailbox, kind: step.place })))
        }
        case 'empty':
          return await verbs.emptyFolder(owner, { mailbox, kind: step.place }, step.type, false)
        case 'query': {
          const hold = { id: mailbox, query: 'subject:contract', mailboxes: [mailbox], created: clock.now, ...(step.on ? {} : { off: true as const }) } // prettier-ignore
          await verbs.changeMailboxHold(system, hold.id, () => hold)
          on.query = step.on
          return
        }
        case 'litigation':
          await directory.update(organisation, id, ({ kept = {} }) => ({ kept: { ...kept, LitigationHoldEnabled: step.on } }))
          on.litigation = step.on
          return
        case 'recovery':
          return void (await directory.update(organisation, id, ({ kept = {} }) => ({ kept: { ...kept, SingleItemRecoveryEnabled: step.on } }))) // prettier-ignore
        case 'time':
          clock.now += step.days * 86_400_000
          return
        case 'expire':
          return await expire(store, () => clock.now, mailbox)
      }
    } catch (error) {
      // What must stay, stays, or is out of its owner's sight: that is the answer.
      if (error instanceof Refusal && ['CannotDeleteObject', 'AccessDenied', 'ItemNotFound'].includes(error.code)) return
      throw error
    }
  }
}

for (const engine of quickEngines) {
  test(`nothing that a hold is about is lost in any history (issue: nothing under hold is ever lost, ${engine.name})`, async () => {
    await using site = await people(engine)
    let boxes = 0
    await fc.assert(
      fc.asyncProperty(fc.subarray(beginnings), steps, async (first, rest) => {
        const all = [...first, ...rest]
        const alias = `box${++boxes}`
        const made = await site.directory.create(site.organisation, { kind: 'UserMailbox', alias, displayName: alias })
        await site.mailboxes.provision(site.organisation, made.mailbox)
        await history(site, made.mailbox, made.id, all)
      }),
      { numRuns: engine.name === 'sqlite' ? 40 : 6, interruptAfterTimeLimit: 40_000 },
    )
    assert.ok(boxes > 0)
  })

  test(`at its time what a hold keeps goes out of sight, and goes when the hold has ended (source R2, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, store, mary, system, clock } = site
    const { mailbox, caller } = mary
    const hold = { id: 'Case', query: 'subject:contract', mailboxes: [mailbox], created: clock.now }
    const lying = () =>
      store.read(async (tx) => {
        const root = (await tx.folders.byKind(mailbox, 'recoverableitemsroot'))!
        const folders = await tx.folders.tree(mailbox, root.id)
        const rows = await tx.items.rows({ mailbox, folders: folders.map(({ id }) => id), associated: false, order: [{ column: 'id', descending: false }], limit: 100 }) // prettier-ignore
        return rows.map(({ subject, folder }) => `${subject}: ${folders.find(({ id }) => id === folder)?.kind.slice('recoverableitems'.length)}`).sort() // prettier-ignore
      })
    await mailboxes.changeMailboxHold(system, hold.id, () => hold)
    for (const subject of ['contract', 'chat']) {
      const item = await mailboxes.createItem(caller, { mailbox, kind: 'inbox' }, { kind: 'message', properties: { subject } })
      const change = { op: 'set' as const, path: { property: 'subject' }, value: `${subject} 2` }
      const { ref } = await mailboxes.updateItem(caller, item.ref, [change], { conflict: 'AlwaysOverwrite' })
      await mailboxes.deleteItem(caller, ref, 'SoftDelete')
    }
    assert.deepEqual(await lying(), ['chat 2: deletions', 'chat: versions', 'contract 2: deletions', 'contract: versions'])
    await expire(store, () => clock.now, mailbox)
    // What the text index has not read yet may be what is looked for: it waits.
    assert.deepEqual(await lying(), ['chat: versions', 'contract 2: discoveryholds', 'contract: versions'])
    const index = createTextIndex({ store, clock: () => clock.now, log: { warn: (_, text) => assert.fail(text) } })
    await index.run({ state: { mailbox } })
    await expire(store, () => clock.now, mailbox)
    assert.deepEqual(await lying(), ['contract 2: discoveryholds', 'contract: versions'])
    await mailboxes.changeMailboxHold(system, hold.id, () => undefined)
    await expire(store, () => clock.now, mailbox)
    assert.deepEqual(await lying(), [])
  })
}

/** A walk through the messages of many conversations ends when the request's time is over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal, systemCaller } from '#model'
import { person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`

for (const engine of quickEngines) {
  test(`conversations are looked for until the request's time is over (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const subject of ['old', 'new']) await mary.create(message(subject), { folder: 'inbox' })
    const { mailbox } = site.people.mary!
    // More of the one conversation than are walked in one step, the other behind them.
    await site.store.write(async (tx) => {
      const { id: folder } = (await tx.folders.byKind(mailbox, 'inbox'))!
      const order = [{ column: 'id' as const, descending: false }]
      const [old, recent] = await tx.items.rows({ mailbox, folders: [folder], associated: false, order, limit: 2 })
      await tx.items.update(mailbox, old!.id, { received: old!.received - 60_000 })
      for (let copy = 0; copy < 600; copy++) await tx.items.copy(mailbox, recent!.id, folder, recent!.created)
    })
    const find = async (until: number, more: object = {}) => {
      const folder = { mailbox, kind: 'inbox' as const }
      const page = { offset: 0, limit: 10, from: 'Beginning' as const }
      const asked = { folder, deep: false, filter: 'All' as const, newestFirst: true, page, mostBytes: 1e6, until, ...more }
      const { conversations, total } = await site.mailboxes.findConversations(systemCaller(site.organisation.id), asked)
      return [conversations.map(({ topic }) => topic), total]
    }
    assert.deepEqual(await find(Infinity), [['new', 'old'], 2])
    assert.deepEqual(await find(0), [['new'], undefined], 'what was found so far, and that there may be more')
    const late = (error: unknown) => error instanceof Refusal && error.code === 'TimeoutExpired'
    await assert.rejects(find(0, { newestFirst: false }), late)
    await assert.rejects(find(0, { page: { offset: 1, limit: 10, from: 'Beginning' } }), late)
    const restriction = { compare: { property: 'textBody' }, is: '<>', with: { value: 'x' } } as const
    assert.deepEqual((await find(Infinity, { restriction }))[0], ['new', 'old'])
    await assert.rejects(find(0, { restriction }), late)
  })
}

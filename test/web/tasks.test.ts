import assert from 'node:assert/strict'
import test from 'node:test'
import type { WebApi } from '#protocols/web'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

type Task = WebApi['saveTask']['input']
const task = (more: Partial<Task> = {}): Task => ({
  ...{ subject: 'Water', start: '', due: '2027-01-04', importance: 'Normal', recurs: null, notes: '' },
  ...more,
})

for (const engine of quickEngines) {
  test(`tasks are kept, done and repeated; nobody reaches those of others (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const weekly = { pattern: { type: 'Weekly' as const, interval: 1, days: ['Monday' as const] }, from: '2027-01-04', until: '2027-01-11' }
    const { item } = await mary.ask('saveTask', task({ recurs: weekly, notes: 'Ferns, too.' }))
    const only = async () => (await mary.ask('findTasks', {})).tasks
    const [first] = await only()
    assert.deepEqual(
      [first?.subject, first?.due, first?.pattern?.type, first?.until, first?.notes],
      ['Water', '2027-01-04', 'Weekly', '2027-01-11', 'Ferns, too.'],
    )
    // What the form does not say of its recurrence stays.
    await mary.ask('saveTask', task({ item, change: first!.change, importance: 'High', recurs: 'keep' }))
    assert.equal(await mary.refusal('saveTask', task({ item, change: first!.change })), 'IrresolvableConflict')
    const [second] = await only()
    assert.deepEqual([second?.importance, second?.pattern?.type], ['High', 'Weekly'])

    // Done, the next of the series stands in its place; after the last one it is done altogether.
    await mary.ask('completeTask', { item: second!.id, complete: true })
    const next = (await only()).find(({ isComplete }) => !isComplete)
    assert.equal(next?.due, '2027-01-11')
    await mary.ask('completeTask', { item: next!.id, complete: true })
    assert.deepEqual((await only()).map(({ isComplete }) => isComplete), [true, true]) // prettier-ignore

    const [one] = await only()
    for (const [name, input] of [
      ['saveTask', task({ item: one!.id })],
      ['completeTask', { item: one!.id, complete: false }],
      ['removeTask', { item: one!.id }],
    ] as const) {
      assert.equal(await rob.refusal(name, input), 'ItemNotFound', name)
    }
    const hostile: [string, unknown][] = [
      ['saveTask', task({ subject: ' ' })],
      ['saveTask', task({ subject: 'x'.repeat(256) })],
      ['saveTask', task({ due: '2027-02-30' })],
      ['saveTask', task({ notes: 'x'.repeat(100_001) })],
      ['saveTask', task({ recurs: { ...weekly, pattern: { ...weekly.pattern, interval: 0 } } })],
      ['saveTask', task({ recurs: { ...weekly, pattern: { ...weekly.pattern, days: [] } } })],
      ['saveTask', { ...task(), recurs: { ...weekly, pattern: { type: 'Hourly', interval: 1 } } }],
      ['completeTask', { item: 0, complete: true }],
      ['removeTask', { item: 2 ** 60 }],
    ]
    for (const [name, input] of hostile)
      assert.equal(await mary.refusal(name, input), 'SchemaValidation', JSON.stringify(input).slice(0, 80))
    await mary.ask('removeTask', { item: one!.id })
    assert.equal((await only()).length, 1)
    assert.deepEqual((await rob.ask('findTasks', {})).tasks, [])
  })
}

/** What the browser asks of people's own settings. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

const rule = { ...{ name: 'Plans', from: '', subject: 'plan', body: '', sentOnlyToMe: false, hasAttachments: false }, ...{ category: '', forwardTo: '', markAsRead: true, remove: false, stop: false } } // prettier-ignore

for (const engine of quickEngines) {
  test(`automatic replies, rules, blocked senders and the region are kept within bounds (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const away = { state: 'Scheduled' as const, audience: 'Known' as const, start: 1000, end: 2000, internal: 'Away <b>', external: '' }
    await mary.ask('saveAutomaticReplies', away)
    const { away: seen } = await mary.ask('options', {})
    assert.deepEqual(seen, away)
    assert.equal((await rob.ask('options', {})).away.state, 'Disabled')

    await mary.ask('createRule', rule)
    const [made] = (await mary.ask('options', {})).rules
    assert.deepEqual([made?.name, made?.enabled, made?.conditions], ['Plans', true, { ContainsSubjectStrings: ['plan'] }])
    assert.equal(await rob.refusal('changeRule', { id: made!.id, how: 'delete' }), 'ItemNotFound')
    assert.equal(await mary.refusal('createRule', { ...rule, markAsRead: false }), 'InvalidArgument')
    assert.equal(await mary.refusal('createRule', { ...rule, moveTo: 999_999 }), 'InvalidArgument')
    assert.equal(await mary.refusal('createRule', { ...rule, forwardTo: 'nobody of the kind' }), 'InvalidArgument')
    await mary.ask('changeRule', { id: made!.id, how: 'delete' })
    assert.deepEqual((await mary.ask('options', {})).rules, [])

    await mary.ask('saveRegion', { culture: 'de-DE', timeZone: 'W. Europe Standard Time' })
    const now = await mary.ask('options', {})
    assert.deepEqual([now.culture, now.timeZone], ['de-DE', 'W. Europe Standard Time'])

    const hostile: [string, unknown][] = [
      ['saveAutomaticReplies', { ...away, end: 1000 }],
      ['saveAutomaticReplies', { ...away, internal: 'x'.repeat(20_001) }],
      ['saveAutomaticReplies', { ...away, audience: 'Enemies' }],
      ['createRule', { ...rule, name: ' ' }],
      ['createRule', { ...rule, subject: 'x'.repeat(256) }],
      ['createRule', { ...rule, moveTo: -1 }],
      ['changeRule', { id: '', how: 'delete' }],
      ['changeRule', { id: 'x', how: 'explode' }],
      ['saveRegion', { culture: '<script>', timeZone: 'UTC' }],
      ['saveRegion', { culture: 'de-DE', timeZone: 'Mars Standard Time' }],
    ]
    for (const [name, input] of hostile)
      assert.equal(await mary.refusal(name, input), 'SchemaValidation', JSON.stringify(input).slice(0, 80))
  })
}

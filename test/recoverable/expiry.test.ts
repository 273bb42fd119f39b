/** What has lain in Recoverable Items for its time goes; what is held stays; what is too much pushes out the oldest. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expireRecoverable } from '#mailbox'
import { systemCaller } from '#model'
import { idOf, itemXml, person, text } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const day = 86_400_000
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const appointment = (subject: string) =>
  `<t:CalendarItem><t:Subject>${subject}</t:Subject><t:Start>2026-12-01T10:00:00Z</t:Start><t:End>2026-12-01T11:00:00Z</t:End></t:CalendarItem>`
const kinds = ['recoverableitemsdeletions', 'recoverableitemspurges'] as const

const shell = (site: TestSite, name: string, args: object) =>
  Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), name, args as Record<string, unknown>))

for (const engine of quickEngines) {
  test(`Recoverable Items keep 14 days, calendar items 120, and what is held for good (${engine.name})`, async () => {
    let now = Date.parse('2026-11-28T08:00:00Z')
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const [mary, seer] = [person(site), await discoverer(site)]
    const mailbox = site.people['mary']!.mailbox
    const expire = async () => {
      let gone = 0
      for (let next: Parameters<typeof expireRecoverable>[2]['from'], more = true; more;) {
        const result = await expireRecoverable({ store: site.store, clock: () => now }, mailbox, {
          ...(next ? { from: next } : {}),
          limit: 10,
        })
        gone += result.gone
        next = result.next
        more = next !== undefined
      }
      return gone
    }
    const subjects = async () =>
      Promise.all(kinds.map(async (kind) => (await seer.find(kind, { shape: 'Default' })).map((item) => text(item, 'Subject')).sort()))
    for (let n = 0; n < 25; n++) await mary.remove(itemXml(await mary.create(message('old'))), 'SoftDelete')
    // What its log lets go of is not counted here.
    await shell(site, 'Set-Mailbox', { Identity: 'mary', CalendarVersionStoreDisabled: true })
    const meeting = await mary.create(appointment('a meeting'))
    assert.deepEqual(await mary.remove(itemXml(meeting), 'SoftDelete', 'SendMeetingCancellations="SendToNone"'), ['NoError'])
    await mary.remove(itemXml(await mary.create(message('purged'))), 'HardDelete')
    now += 7 * day
    await mary.remove(itemXml(await mary.create(message('newer'))), 'SoftDelete')
    assert.equal(await expire(), 0)
    now += 7 * day
    assert.equal(await expire(), 26)
    assert.deepEqual(await subjects(), [['a meeting', 'newer'], []])
    // The clock set back: nothing goes early, and nothing is younger than it is.
    now -= 30 * day
    assert.equal(await expire(), 0)
    now += 30 * day
    await shell(site, 'Set-Mailbox', { Identity: 'mary', LitigationHoldEnabled: true })
    now += 200 * day
    assert.equal(await expire(), 0)
    assert.deepEqual(await subjects(), [[], ['a meeting', 'newer']])
    await shell(site, 'Set-Mailbox', { Identity: 'mary', LitigationHoldEnabled: false })
    assert.equal(await expire(), 2)
    assert.deepEqual(await subjects(), [[], []])
  })

  test(`at the warning level the oldest go unless there is a hold; at the quota deletes are refused (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const big = (subject: string) =>
      `<t:Message><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">${'x'.repeat(60_000)}</t:Body></t:Message>`
    const remove = async (subject: string) => mary.remove(itemXml(await mary.create(big(subject))), 'SoftDelete')
    const subjects = async () => (await mary.find(kinds[0], { shape: 'Default' })).map((item) => text(item, 'Subject')).sort()
    await shell(site, 'Set-MailboxDatabase', {
      Identity: 'Mailbox Database',
      RecoverableItemsWarningQuota: '200KB',
      RecoverableItemsQuota: '290KB',
    })
    for (const subject of ['1', '2', '3', '4', '5']) assert.deepEqual(await remove(subject), ['NoError'])
    assert.deepEqual(await subjects(), ['3', '4', '5'])
    await shell(site, 'Set-Mailbox', { Identity: 'mary', LitigationHoldEnabled: true })
    assert.deepEqual(await remove('6'), ['NoError'])
    assert.deepEqual(await remove('7'), ['ErrorQuotaExceeded'])
    assert.deepEqual(await subjects(), ['3', '4', '5', '6'])
    assert.deepEqual(
      (await mary.find('drafts', { shape: 'Default' })).map((item) => text(item, 'Subject')),
      ['7'],
    )
    // To Deleted Items there is room.
    const [left] = await mary.find('drafts', { shape: 'Default' })
    assert.deepEqual(await mary.remove(itemXml(idOf(left)), 'MoveToDeletedItems'), ['NoError'])
  })
}

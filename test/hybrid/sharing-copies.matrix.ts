/** The copies of a shared folder, whoever brings them up to date and whatever the other side answers. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HttpReply, HttpRequest } from '#access'
import type { Share, ShareChanges } from '#mailbox'
import { refusal } from '../mailbox/people.ts'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { idOf, setXml } from '../requirements/person.ts'
import { personOf } from './ask.ts'
import {
  acceptCode,
  entries,
  folderOfMary,
  invitationXml,
  refreshed,
  sealedFor,
  speaker,
  startSharing,
  zoe as zoeAddress,
} from './sharing-parts.ts'

type Answering = (request: HttpRequest, answer: () => Promise<HttpReply>) => Promise<HttpReply>

const event = (subject: string, hours: number) =>
  `<t:CalendarItem><t:Subject>${subject}</t:Subject><t:Start>2030-01-07T${hours}:00:00Z</t:Start><t:End>2030-01-07T${hours + 1}:00:00Z</t:End></t:CalendarItem>`

/** Mary's calendar in zoe's mailbox, with one entry that is copied. What mary's side answers can be changed on its way. */
async function startCopies(engine: TestEngine) {
  const way: { answering: Answering | undefined } = { answering: undefined }
  const sites = await startSharing(engine, undefined, {
    around: (place, route) => ({
      ...route,
      handle: (request) => {
        const answer = () => route.handle(request)
        return place === 'onPremises' && way.answering ? way.answering(request, answer) : answer()
      },
    }),
  })
  const mary = speaker(sites.onPremises, 'mary@contoso.com')
  const zoe = speaker(sites.online, zoeAddress)
  const budget = await mary.create(event('Budget', 10), { folder: 'calendar' })
  const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
  assert.equal(await acceptCode(zoe, invitationXml(await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress]))), 'NoError')
  const copy = await folderOfMary(zoe)
  assert.equal(await refreshed(zoe, copy), 'NoError')
  const { site, recipient, caller } = await personOf(sites, 'zoe')
  const { mailbox } = recipient
  const share = async () => ((await site.mailboxes.settings(caller, mailbox)).shares as Share[])[0]!
  const { folder } = await share()
  const apply = async (changes: Partial<ShareChanges>) => {
    const { state, key } = await share()
    const whole = { put: [], removed: [], anew: false, from: state, key, state: 'next', ...changes }
    return site.mailboxes.applyShare(caller, { mailbox, id: folder }, whole)
  }
  const set = (setting: string, value: unknown) => site.mailboxes.changeSetting(caller, mailbox, setting, () => value)
  return { sites, way, mary, zoe, budget, copy, share, apply, set, [Symbol.asyncDispose]: () => sites[Symbol.asyncDispose]() }
}

const isSync = ({ body }: HttpRequest) => Buffer.from(body).includes('SyncFolderItems')
const put = (remote: string, subject: string): ShareChanges['put'][number] => ({
  remote,
  input: { kind: 'calendar', properties: { subject, start: Date.UTC(2030, 0, 7, 10), end: Date.UTC(2030, 0, 7, 11) } },
})

for (const engine of quickEngines) {
  describe(`the copies of a shared folder (${engine.name})`, () => {
    test('[MS-OXWSMSHR] 3.1.4.3: brought up to date thrice at once, everything is copied once', async () => {
      await using at = await startCopies(engine)
      const { way, mary, zoe, budget, copy } = at
      await mary.create(event('Lunch', 12), { folder: 'calendar' })
      await mary.update(budget, setXml('item:Subject', '<t:CalendarItem><t:Subject>Budget 2031</t:Subject></t:CalendarItem>'))
      // All three ask before any of them is answered.
      let waiting = 3
      const { promise: everybodyAsked, resolve } = Promise.withResolvers<void>()
      way.answering = async (request, answer) => {
        if (isSync(request) && --waiting === 0) resolve()
        if (isSync(request)) await everybodyAsked
        return answer()
      }
      const codes = await Promise.all([1, 2, 3].map(() => refreshed(zoe, copy)))
      assert.deepEqual(codes, ['NoError', 'NoError', 'NoError'])
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget 2031', '01-07T12:00 Lunch'])
    })

    test('[MS-OXWSMSHR] 3.1.4.3: a page from elsewhere, or by another key, is not written; copies left behind heal', async () => {
      await using at = await startCopies(engine)
      const { zoe, copy, share, apply } = at
      const before = await share()
      assert.equal(await apply({ put: [put('x', 'Late')], from: 'before' }), false)
      assert.equal(await apply({ put: [put('x', 'Late')], anew: true, from: undefined }), false)
      assert.equal(await apply({ put: [put('x', 'Late')], key: 'another' }), false)
      assert.deepEqual(await share(), before)
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget'])
      assert.equal(await apply({ put: [put('x', 'One'), put('x', 'Two')] }), true)
      assert.deepEqual((await entries(zoe, copy)).length, 3, 'as it was left behind')
      assert.equal(await apply({ put: [put('x', 'Three')] }), true)
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget', '01-07T10:00 Three'])
    })

    test('[MS-OXWSMSHR] 3.1.4.3: a state that the other side does not know any more brings everything anew', async () => {
      await using at = await startCopies(engine)
      const { zoe, copy, apply, share } = at
      assert.equal(await apply({ put: [put('x', 'Gone')], state: 'no state of theirs' }), true)
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget'])
      assert.notEqual((await share()).state, 'no state of theirs')
    })

    test('[MS-OXWSMSHR] 3.1.4.3: copies have the room that the mailbox has', async () => {
      await using at = await startCopies(engine)
      const { mary, zoe, budget, copy, set, share } = at
      const before = await share()
      await mary.create(event('Lunch', 12), { folder: 'calendar' })
      await set('quota', 1)
      assert.equal(await refreshed(zoe, copy), 'ErrorQuotaExceeded')
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget'])
      assert.deepEqual(await share(), before)
      await set('quota', undefined)
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget', '01-07T12:00 Lunch'])
      // What is taken away needs no room.
      await set('quota', 1)
      await mary.remove(`<t:ItemId Id="${budget.Id}"/>`, 'HardDelete', 'SendMeetingCancellations="SendToNone"')
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T12:00 Lunch'])
    })

    test('[MS-OXWSMSHR] 3.1.4.3: a sync state or an id without an end is kept nowhere', async () => {
      await using at = await startCopies(engine)
      const { way, mary, zoe, copy, apply, share } = at
      await mary.create(event('Lunch', 12), { folder: 'calendar' })
      const before = await share()
      for (const [pattern, to] of [
        [/(SyncState>)[^<]*/, `$1${'A'.repeat(65 * 1024)}`],
        [/(ItemId Id=")[^"]*/, `$1${'A'.repeat(2049)}`],
      ] as const) {
        let changed = 0
        way.answering = async (request, answer) => {
          const reply = await answer()
          const body = String(reply.body)
          if (!isSync(request) || !pattern.test(body)) return reply
          changed++
          return { ...reply, body: body.replace(pattern, to) }
        }
        assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed')
        assert.equal(changed, 1)
      }
      await assert.rejects(apply({ state: 'A'.repeat(65 * 1024) }), refusal('DataSizeLimitExceeded'))
      await assert.rejects(apply({ put: [put('A'.repeat(2049), 'Long')] }), refusal('DataSizeLimitExceeded'))
      assert.deepEqual(await share(), before)
      assert.deepEqual(await entries(zoe, copy), ['01-07T10:00 Budget'])
    })
  })
}

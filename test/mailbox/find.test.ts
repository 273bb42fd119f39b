import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FindItems } from '#mailbox'
import type { Restriction } from '#model'
import { quickEngines } from '../support/engines.ts'
import { note, page, people, refusal, subjects } from './people.ts'

const subject = { property: 'subject' } as const
const contains = (
  value: string,
  mode: 'Substring' | 'Prefixed' | 'FullString' | 'PrefixOnWords' | 'ExactPhrase',
  comparison = 'IgnoreCase',
) => ({ contains: subject, value, mode, comparison }) as Restriction

for (const engine of quickEngines) {
  test(`restrictions and sort orders, in columns and beyond (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, clock } = site
    const folder = { mailbox: mary.mailbox, kind: 'drafts' }
    const made = [
      note('Alpha plan', { importance: 'High', isRead: false, categories: ['Red'], references: 'b' }),
      note('beta Plan', { importance: 'Low', categories: ['Red', 'Blue'], references: 'a' }),
      note('gamma', { isRead: false, toRecipients: [{ name: 'Rob', address: 'rob@contoso.com' }], references: 'c' }),
      note('Über-planung', { body: { type: 'HTML', value: '<p>Zebra crossing</p>' } }),
    ]
    for (const input of made) {
      clock.now += 1000
      await mailboxes.createItem(mary.caller, folder, input)
    }
    const find = (more: Partial<FindItems>) =>
      mailboxes.findItems(mary.caller, { folders: [folder], traversal: 'Shallow', view: page, wanted: { shape: 'default' }, ...more })
    const found = async (restriction: Restriction) =>
      subjects((await find({ restriction, sort: [{ path: { property: 'dateTimeCreated' }, descending: false }] })).items)
    assert.deepEqual(subjects((await find({})).items), ['Über-planung', 'gamma', 'beta Plan', 'Alpha plan'])
    assert.deepEqual(await found(contains('PLAN', 'Substring')), ['Alpha plan', 'beta Plan', 'Über-planung'])
    assert.deepEqual(await found(contains('plan', 'Substring', 'Exact')), ['Alpha plan', 'Über-planung'])
    assert.deepEqual(await found(contains('alpha', 'Prefixed')), ['Alpha plan'])
    assert.deepEqual(await found(contains('GAMMA', 'FullString')), ['gamma'])
    assert.deepEqual(await found(contains('plan', 'PrefixOnWords')), ['Alpha plan', 'beta Plan', 'Über-planung'])
    assert.deepEqual(await found(contains('plan', 'ExactPhrase')), ['Alpha plan', 'beta Plan'])
    assert.deepEqual(await found(contains('uber', 'Prefixed', 'IgnoreCaseAndNonSpacingCharacters')), ['Über-planung'])
    assert.deepEqual(await found({ compare: { property: 'isRead' }, is: '=', with: { value: '0' } }), ['Alpha plan', 'gamma'])
    assert.deepEqual(await found({ compare: { property: 'importance' }, is: '>', with: { value: 'Low' } }), [
      'Alpha plan',
      'gamma',
      'Über-planung',
    ])
    assert.deepEqual(await found({ compare: { property: 'categories' }, is: '=', with: { value: 'blue' } }), ['beta Plan'])
    assert.deepEqual(await found({ not: { exists: { property: 'categories' } } }), ['gamma', 'Über-planung'])
    assert.deepEqual(
      await found({
        and: [contains('plan', 'Substring'), { not: { compare: { property: 'isRead' }, is: '=', with: { value: 'false' } } }],
      }),
      ['beta Plan', 'Über-planung'],
    )
    assert.deepEqual(await found({ or: [{ compare: subject, is: '=', with: { value: 'GAMMA' } }, contains('alpha', 'Prefixed')] }), [
      'Alpha plan',
      'gamma',
    ])
    assert.deepEqual(await found({ contains: { property: 'body' }, value: 'zebra', mode: 'Substring', comparison: 'IgnoreCase' }), [
      'Über-planung',
    ])
    assert.deepEqual(await found({ contains: { property: 'toRecipients' }, value: 'rob@', mode: 'Prefixed', comparison: 'IgnoreCase' }), [
      'gamma',
    ])
    const at = new Date(clock.now - 1000).toISOString()
    assert.deepEqual(await found({ compare: { property: 'dateTimeReceived' }, is: '>=', with: { value: at } }), ['gamma', 'Über-planung'])
    assert.deepEqual(await found({ excludes: { extended: { tag: 0x0e07, type: 'Integer' } }, bitmask: 1 }), ['Alpha plan', 'gamma'])
    assert.deepEqual(await found({ compare: { property: 'dateTimeCreated' }, is: '=', with: { path: { property: 'lastModifiedTime' } } }), subjects((await find({})).items).reverse()) // prettier-ignore
    const byReferences = await find({ sort: [{ path: { property: 'references' }, descending: false }] })
    assert.deepEqual(subjects(byReferences.items), ['Über-planung', 'beta Plan', 'Alpha plan', 'gamma'])
    const byUid = await find({ sort: [{ path: { extended: { tag: 0x0e23, type: 'Integer' } }, descending: true }] })
    assert.deepEqual(subjects(byUid.items), ['Über-planung', 'gamma', 'beta Plan', 'Alpha plan'])
    assert.deepEqual(subjects((await find({ words: 'zebra' })).items), ['Über-planung'])
    let deep: Restriction = contains('x', 'Substring')
    for (let depth = 0; depth < 200; depth++) deep = { not: deep }
    await assert.rejects(find({ restriction: deep }), refusal('RestrictionTooComplex'))
  })

  test(`views page from either end, by fraction, with exact totals (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const folder = { mailbox: mary.mailbox, kind: 'drafts' }
    for (let number = 0; number < 7; number++)
      await mailboxes.createItem(mary.caller, folder, note(`n${number}`, { references: number % 2 ? 'odd' : 'even' }))
    const sort = [{ path: subject, descending: false }]
    const find = (view: FindItems['view'], restriction?: Restriction) =>
      mailboxes.findItems(mary.caller, {
        folders: [folder],
        traversal: 'Shallow',
        view,
        sort,
        wanted: { shape: 'default' },
        ...(restriction ? { restriction } : {}),
      })
    const first = await find({ kind: 'indexed', offset: 2, limit: 3, from: 'Beginning' })
    assert.deepEqual([subjects(first.items), first.total, first.nextOffset, first.includesLast], [['n2', 'n3', 'n4'], 7, 5, false])
    const last = await find({ kind: 'indexed', offset: 0, limit: 2, from: 'End' })
    assert.deepEqual([subjects(last.items), last.total, last.includesLast], [['n5', 'n6'], 7, false])
    const behind = await find({ kind: 'indexed', offset: 90, limit: 2, from: 'Beginning' })
    assert.deepEqual([behind.items.length, behind.includesLast], [0, true])
    const half = await find({ kind: 'fractional', numerator: 1, denominator: 2, limit: 10 })
    assert.deepEqual(subjects(half.items), ['n3', 'n4', 'n5', 'n6'])
    const odd: Restriction = { compare: { property: 'references' }, is: '=', with: { value: 'odd' } }
    const scanned = await find({ kind: 'indexed', offset: 1, limit: 1, from: 'Beginning' }, odd)
    assert.deepEqual([subjects(scanned.items), scanned.total, scanned.nextOffset, scanned.includesLast], [['n3'], 3, 2, false])
  })

  test(`contacts by name, a calendar by time (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const contacts = { mailbox: mary.mailbox, kind: 'contacts' }
    for (const displayName of ['Dora', 'Ann', 'Bob', 'Carl'])
      await mailboxes.createItem(mary.caller, contacts, { kind: 'contact', properties: { displayName } })
    const view = await mailboxes.findItems(mary.caller, {
      folders: [contacts],
      traversal: 'Shallow',
      view: { kind: 'contacts', initial: 'b', final: 'c' },
      wanted: { shape: 'default' },
    })
    assert.deepEqual(view.items.map((item) => item.properties.displayName), ['Bob', 'Carl']) // prettier-ignore
    const calendar = { mailbox: mary.mailbox, kind: 'calendar' }
    const start = Date.UTC(2030, 0, 7, 10)
    const series = await mailboxes.createItem(mary.caller, calendar, {
      kind: 'calendar',
      properties: {
        subject: 'Daily',
        start,
        end: start + 3_600_000,
        recurrence: { pattern: { type: 'Daily', interval: 1 }, range: { type: 'Numbered', start: '2030-01-07', count: 5 } },
      },
    })
    const shown = () =>
      mailboxes.findItems(mary.caller, {
        folders: [calendar],
        traversal: 'Shallow',
        view: { kind: 'calendar', start, end: start + 10 * 86_400_000 },
        wanted: { shape: 'default', paths: [{ property: 'calendarItemType' }] },
      })
    const all = await shown()
    assert.equal(all.total, 5)
    assert.ok(all.items.every((item) => item.properties.calendarItemType === 'Occurrence' && item.ref.occurrence !== undefined))
    const second = { ...series.ref, occurrence: start + 86_400_000 }
    await mailboxes.updateItem(mary.caller, second, [{ op: 'set', path: subject, value: 'Moved' }], { conflict: 'AlwaysOverwrite' })
    await mailboxes.deleteItem(mary.caller, { ...series.ref, occurrence: start }, 'HardDelete')
    assert.deepEqual(subjects((await shown()).items), ['Moved', 'Daily', 'Daily', 'Daily'])
    for (let number = 1; number < 5; number++) {
      await mailboxes.deleteItem(mary.caller, { ...series.ref, occurrence: start + number * 86_400_000 }, 'HardDelete')
    }
    const [gone] = await mailboxes.getItems(mary.caller, [series.ref], { shape: 'ids' })
    assert.ok(gone && 'code' in gone && gone.code === 'ItemNotFound')
    await assert.rejects(mailboxes.moveItem(mary.caller, second, contacts), refusal('CalendarCannotMoveOrCopyOccurrence'))
    await assert.rejects(
      mailboxes.findItems(mary.caller, {
        folders: [contacts],
        traversal: 'Shallow',
        view: { kind: 'calendar', start, end: start },
        wanted: { shape: 'ids' },
      }),
      refusal('CalendarFolderIsInvalidForCalendarView'),
    )
  })
}

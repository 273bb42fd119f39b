import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller, type Properties } from '#model'
import { CreateItem, FindItem, GetItem, UpdateItem, type EwsItem } from '#schema'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { ewsClient, only, until } from '../support/ews-client.ts'
import { refusal } from './desk.ts'
import { mailboxSite, type MailboxSite } from './mailbox-site.ts'

type Id = { Id: string; ChangeKey: string }
const hour = 3_600_000
const day = 24 * hour
/** The last Monday: certificates are made by the site's clock and checked by the real one, which must not be far. */
const monday = Math.floor((Date.now() - 6 * hour - 4 * day) / (7 * day)) * 7 * day + 4 * day
const now = monday + 6 * hour
const at = (days: number, hours: number) => monday + days * day + hours * hour
const compact = (instant: number) => new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '')

const open = (engine: TestEngine) => mailboxSite(engine, { outside: { clock: () => now } })

async function list(site: MailboxSite, who: string, folder: string, owner = who): Promise<EwsItem[]> {
  const answer = await ewsClient(site, who).call(FindItem, {
    Traversal: 'Shallow',
    ItemShape: { BaseShape: 'IdOnly', AdditionalProperties: { paths: [{ property: 'subject' }] } },
    ParentFolderIds: [{ is: 'DistinguishedFolderId', value: { Id: folder, Mailbox: { EmailAddress: `${owner}@contoso.com` } } }],
  })
  const Found = only(answer).RootFolder?.Found
  return Found?.is === 'Items' ? Found.value : []
}
async function get(site: MailboxSite, who: string, value: Id): Promise<Properties> {
  const ItemShape = { BaseShape: 'AllProperties' as const, BodyType: 'Text' as const }
  const [item] = only(await ewsClient(site, who).call(GetItem, { ItemShape, ItemIds: [{ is: 'ItemId', value }] })).Items
  return item!.properties
}
const idOf = ({ properties }: EwsItem) => properties.itemId as Id

let meetings = 0

/** Sends an invitation to Room 1. */
async function invite(
  site: MailboxSite,
  who: string,
  times: { start: number; end: number },
  more: Properties = {},
): Promise<{ id: Id; subject: string }> {
  const subject = `Meeting ${++meetings}`
  const properties = { subject, ...times, resources: [{ mailbox: { address: 'room1@contoso.com' } }], ...more }
  const request = { SendMeetingInvitations: 'SendToAllAndSaveCopy' as const, Items: [{ kind: 'calendar' as const, properties }] }
  const [item] = only(await ewsClient(site, who).call(CreateItem, request)).Items
  return { id: idOf(item!), subject }
}

/** What the room answers: the word in the organizer's calendar, and the text of the answer in the Inbox. */
async function answered(site: MailboxSite, who: string, subject: string): Promise<[word: string, text: string]> {
  let found: EwsItem | undefined
  await until(site, who, async () => {
    found = (await list(site, who, 'inbox')).find(({ properties }) => String(properties.subject).endsWith(`: ${subject}`))
    return found !== undefined
  })
  const { subject: title, body } = await get(site, who, idOf(found!))
  return [String(title).split(':')[0]!, (body as { value: string }).value.trim()]
}

async function book(
  site: MailboxSite,
  who: string,
  times: { start: number; end: number },
  more: Properties = {},
): Promise<[string, string]> {
  const { subject } = await invite(site, who, times, more)
  return answered(site, who, subject)
}

/** What stands in the room's calendar, by start. */
async function booked(site: MailboxSite): Promise<Properties[]> {
  const { mailbox } = site.people.room1!
  const found = await site.mailboxes.findItems(systemCaller(site.organisation.id), {
    folders: [{ mailbox, kind: 'calendar' }],
    traversal: 'Shallow',
    view: { kind: 'calendar', start: now, end: now + 300 * day },
    wanted: { shape: 'all' },
  })
  return found.items.map(({ properties }) => properties)
}

/** Brings an invitation to Room 1 that says itself who it is from. */
function deliver(
  site: MailboxSite,
  { from, organizer, uid, authAs }: { from: string; organizer: string; uid: string; authAs: 'Internal' | 'Anonymous' },
) {
  const mime = [
    `From: ${from}`, 'To: room1@contoso.com', 'Subject: Visit', 'MIME-Version: 1.0', 'Content-Type: text/calendar; method=REQUEST', '',
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'METHOD:REQUEST', 'BEGIN:VEVENT', `UID:${uid}`, `DTSTAMP:${compact(now)}`, `DTSTART:${compact(at(3, 15))}`,
    `DTEND:${compact(at(3, 16))}`, 'SUMMARY:Visit', `ORGANIZER:mailto:${organizer}`, 'ATTENDEE:mailto:room1@contoso.com', 'END:VEVENT', 'END:VCALENDAR', '',
  ] // prettier-ignore
  const delivery = { mime: Buffer.from(mime.join('\r\n')), recipient: 'room1@contoso.com', sender: from, receivedAt: now, authAs }
  return site.mailboxes.deliver(site.organisation.id, site.people.room1!.mailbox, delivery)
}

const weekly = (count: number) => ({
  pattern: { type: 'Weekly', interval: 1, days: ['Tuesday'], firstDayOfWeek: 'Monday' },
  range: { type: 'Numbered', start: new Date(at(1, 0)).toISOString().slice(0, 10), count },
}) // prettier-ignore

for (const engine of quickEngines) {
  test(`a room books by its rules and says which one was broken (${engine.name})`, async () => {
    await using site = await open(engine)
    const usual = await site.one('Get-CalendarProcessing room1')
    assert.deepEqual(
      [usual.AutomateProcessing, usual.AllowConflicts, usual.BookingWindowInDays, usual.MaximumDurationInMinutes, usual.AllBookInPolicy],
      ['AutoAccept', false, 180, 1440, true],
    )
    assert.equal((await site.one('Get-CalendarProcessing mary')).AutomateProcessing, 'AutoUpdate')
    assert.deepEqual(await book(site, 'mary', { start: at(1, 9), end: at(1, 10) }), ['Accepted', 'Your request was accepted.'])
    assert.match((await book(site, 'rob', { start: at(1, 9), end: at(1, 10) })).join(': '), /Declined: .*conflicts/)
    // The room's calendar has who booked it, not what for.
    assert.deepEqual((await booked(site)).map(({ subject }) => subject), ['Mary Jensen']) // prettier-ignore

    await site.run(
      'Set-CalendarProcessing room1 -AllowConflicts $true -MaximumDurationInMinutes 120 -BookingWindowInDays 30 -AllowRecurringMeetings $false',
      'boss',
    )
    assert.match((await book(site, 'rob', { start: at(1, 9), end: at(1, 11) })).join(': '), /^Accepted/)
    assert.match((await book(site, 'rob', { start: at(2, 9), end: at(2, 12) })).join(': '), /Declined: .*longer than the 120 minutes/)
    assert.match((await book(site, 'rob', { start: at(30, 20), end: at(30, 21) })).join(': '), /^Accepted/)
    assert.match((await book(site, 'rob', { start: at(31, 0), end: at(31, 1) })).join(': '), /Declined: .*more than 30 days ahead/)
    const series = { start: at(1, 14), end: at(1, 15) }
    assert.match((await book(site, 'rob', series, { recurrence: weekly(3) })).join(': '), /Declined: .*recurring meetings/)

    await site.run('Set-CalendarProcessing room1 -AllowRecurringMeetings $true -ScheduleOnlyDuringWorkHours $true')
    assert.match((await book(site, 'rob', series, { recurrence: weekly(3) })).join(': '), /^Accepted/)
    assert.match((await book(site, 'rob', series, { recurrence: weekly(10) })).join(': '), /Declined: .*more than 30 days ahead/)
    assert.match((await book(site, 'rob', { start: at(1, 18), end: at(1, 19) })).join(': '), /Declined: .*working hours/)
    assert.match((await book(site, 'rob', { start: at(5, 9), end: at(5, 10) })).join(': '), /Declined: .*working hours/)
    await site.run(
      "Set-CalendarProcessing room1 -AddAdditionalResponse $true -AdditionalResponse 'Ask at the desk.' -DeleteSubject $false -AddOrganizerToSubject $false",
    )
    const { subject } = await invite(site, 'ann', { start: at(3, 9), end: at(3, 10) })
    assert.deepEqual(await answered(site, 'ann', subject), ['Accepted', 'Your request was accepted.\r\n\r\nAsk at the desk.'])
    assert.ok((await booked(site)).some((item) => item.subject === subject))
  })

  test(`who may not book asks a delegate, who answers in the room's calendar (${engine.name})`, async () => {
    await using site = await open(engine)
    await site.run(
      'Set-CalendarProcessing room1 -AllBookInPolicy $false -BookInPolicy mary -AllRequestInPolicy $false -RequestInPolicy staff -ResourceDelegates ann',
    )
    const shown = await site.one('Get-CalendarProcessing room1')
    assert.deepEqual([shown.BookInPolicy, shown.RequestInPolicy, shown.ResourceDelegates], [['Mary Jensen'], ['All Staff'], ['Ann Beebe']])
    assert.match((await book(site, 'mary', { start: at(1, 9), end: at(1, 10) })).join(': '), /^Accepted/)
    assert.match((await book(site, 'boss', { start: at(2, 9), end: at(2, 10) })).join(': '), /Declined: .*permission/)
    // Who is in no policy does not book in Mary's name, nor does anybody from outside, whatever they call themselves.
    await site.run('Set-CalendarProcessing room1 -ProcessExternalMeetingMessages $true')
    await deliver(site, { from: 'boss@contoso.com', organizer: 'mary@contoso.com', uid: 'forged', authAs: 'Internal' })
    await deliver(site, { from: 'mary@contoso.com', organizer: 'mary@contoso.com', uid: 'spoofed', authAs: 'Anonymous' })
    assert.equal((await booked(site)).length, 1)
    await deliver(site, { from: 'mary@contoso.com', organizer: 'mary@contoso.com', uid: 'real', authAs: 'Internal' })
    assert.equal((await booked(site)).length, 2)
    const { id, subject } = await invite(site, 'rob', { start: at(3, 9), end: at(3, 10) })
    assert.match((await answered(site, 'rob', subject)).join(': '), /Tentative: .*pending approval/)
    await until(site, 'ann', async () =>
      (await list(site, 'ann', 'inbox')).some((item) => item.properties.subject === `Request for approval: ${subject}`),
    )
    const waiting = (await booked(site)).find(({ start }) => start === at(3, 9))!
    assert.deepEqual([waiting.legacyFreeBusyStatus, waiting.subject], ['Tentative', 'Rob Young'])

    const asked = (await list(site, 'ann', 'calendar', 'room1')).find((item) => item.properties.subject === 'Rob Young')!
    const accept = { response: 'AcceptItem' as const, referenceItemId: idOf(asked), properties: {} }
    only(await ewsClient(site, 'ann').call(CreateItem, { MessageDisposition: 'SendOnly', Items: [accept] }))
    const word = async () => ((await get(site, 'rob', id)).resources as { response: string }[])[0]!.response
    await until(site, 'rob', async () => (await word()) === 'Accept')
    assert.equal((await booked(site)).find(({ start }) => start === at(3, 9))!.legacyFreeBusyStatus, 'Busy')

    // What is against the rules goes to the delegate too, for whom that is allowed; who is a delegate no longer may no longer.
    await site.run("Set-CalendarProcessing room1 -MaximumDurationInMinutes 60 -RequestOutOfPolicy @{Add='boss'} -ResourceDelegates $null")
    assert.match((await book(site, 'boss', { start: at(4, 9), end: at(4, 12) })).join(': '), /Tentative: .*pending/)
    assert.match((await book(site, 'rob', { start: at(8, 9), end: at(8, 12) })).join(': '), /Declined: .*60 minutes/)
    await assert.rejects(list(site, 'ann', 'calendar', 'room1'), /AccessDenied/)
    assert.deepEqual((await site.directory.find('room1@contoso.com'))!.sendOnBehalf, [])
  })

  test(`a booking that is moved where the room is taken gives its old time back (${engine.name})`, async () => {
    await using site = await open(engine)
    await book(site, 'mary', { start: at(1, 9), end: at(1, 10) })
    const { id, subject } = await invite(site, 'rob', { start: at(2, 9), end: at(2, 10) })
    assert.match((await answered(site, 'rob', subject)).join(': '), /^Accepted/)
    const change = (property: string, value: number) => ({ op: 'set' as const, path: { property }, value, kind: 'calendar' as const })
    only(
      await ewsClient(site, 'rob').call(UpdateItem, {
        ItemChanges: [{ Id: { is: 'ItemId', value: id }, Updates: { changes: [change('start', at(1, 9)), change('end', at(1, 10))] } }],
        ConflictResolution: 'AlwaysOverwrite',
        SendMeetingInvitationsOrCancellations: 'SendOnlyToAll',
      }),
    )
    const word = async () => ((await get(site, 'rob', { ...id, ChangeKey: '' })).resources as { response: string }[])[0]!.response
    await until(site, 'rob', async () => (await word()) === 'Decline')
    assert.deepEqual((await booked(site)).map(({ start }) => start), [at(1, 9)]) // prettier-ignore
    assert.match((await book(site, 'ann', { start: at(2, 9), end: at(2, 10) })).join(': '), /^Accepted/)
  })

  test(`a room that does not answer, and mail from outside, wait for people (${engine.name})`, async () => {
    await using site = await open(engine)
    const inRoom = async (subject: string) => {
      await until(site, 'room1', async () => {
        const { mailbox } = site.people.room1!
        const found = await site.mailboxes.findItems(systemCaller(site.organisation.id), {
          folders: [{ mailbox, kind: 'inbox' }],
          traversal: 'Shallow',
          view: { kind: 'indexed', offset: 0, limit: 100, from: 'Beginning' },
          wanted: { shape: 'default' },
        })
        return found.items.some(({ properties }) => properties.subject === subject)
      })
    }
    await site.run('Set-CalendarProcessing room1 -AutomateProcessing AutoUpdate')
    const updated = await invite(site, 'mary', { start: at(1, 9), end: at(1, 10) })
    await inRoom(updated.subject)
    assert.deepEqual((await booked(site)).map(({ subject, myResponseType }) => [subject, myResponseType]), [[updated.subject, 'NoResponseReceived']]) // prettier-ignore
    await site.run('Set-CalendarProcessing room1 -AutomateProcessing None')
    await inRoom((await invite(site, 'mary', { start: at(2, 9), end: at(2, 10) })).subject)
    assert.equal((await booked(site)).length, 1)

    await site.run('Set-CalendarProcessing room1 -AutomateProcessing AutoAccept')
    const outside = (uid: string) => deliver(site, { from: 'bob@fabrikam.com', organizer: 'bob@fabrikam.com', uid, authAs: 'Anonymous' })
    await outside('one')
    assert.equal((await booked(site)).length, 1)
    await site.run('Set-CalendarProcessing room1 -ProcessExternalMeetingMessages $true')
    await outside('two')
    assert.ok((await booked(site)).some(({ subject }) => subject === 'Bob' || subject === 'bob@fabrikam.com'))
  })

  test(`what is not acted upon is kept and named, what cannot be changes nothing (${engine.name})`, async () => {
    await using site = await open(engine)
    await site.run(
      'Set-CalendarProcessing room1 -ConflictPercentageAllowed 20 -EnableResponseDetails $true -DeleteNonCalendarItems $true -OrganizerInfo $false -EnforceSchedulingHorizon $false',
    )
    assert.match(site.warnings[0]!, /keeps -DeleteNonCalendarItems, -EnableResponseDetails; nothing acts upon it yet/)
    assert.match(site.warnings[1]!, /booked whole/)
    const before = await site.one('Get-CalendarProcessing room1')
    assert.deepEqual([before.ConflictPercentageAllowed, before.DeleteNonCalendarItems, before.OrganizerInfo], [20, true, false])
    const refusals: [string, Parameters<typeof refusal>[0], RegExp][] = [
      ['Set-CalendarProcessing room1 -BookingWindowInDays 2000', 'InvalidParameter', /from 0 up to 1080/],
      ['Set-CalendarProcessing room1 -MaximumDurationInMinutes -5', 'InvalidParameter', /from 0 up to/],
      ['Set-CalendarProcessing room1 -AutomateProcessing Always', 'InvalidParameter', /AutoAccept/],
      ['Set-CalendarProcessing room1 -BookInPolicy mary,nobody', 'ObjectNotFound', /nobody/],
      ['Set-CalendarProcessing mary -AutomateProcessing AutoAccept', 'InvalidParameter', /rooms and equipment/],
      ['Set-CalendarProcessing mary -ResourceDelegates rob', 'InvalidParameter', /rooms and equipment/],
      [`Set-CalendarProcessing room1 -AdditionalResponse ${'x'.repeat(9000)}`, 'InvalidParameter', /8192/],
      ['Set-CalendarProcessing staff -AllowConflicts $true', 'ObjectNotFound', /DistributionGroup/],
    ]
    for (const [line, code, message] of refusals) await assert.rejects(site.run(line), refusal(code, message), line.slice(0, 100))
    assert.deepEqual(await site.one('Get-CalendarProcessing room1'), before)
  })
}

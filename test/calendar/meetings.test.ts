import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Item, NewItemInput, PropertyChange } from '#mailbox'
import type { Attendee, Occurrence, Properties } from '#model'
import { quickEngines } from '../support/engines.ts'
import { only, page, people, refusal, type People, type Person } from '../mailbox/people.ts'
import { deliverPost } from './post.ts'

const at = (day: number, hour: number) => Date.UTC(2030, 0, day, hour)
const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
const anyway = { conflict: 'AlwaysOverwrite' } as const
const attendee = (address: string, name = address): Attendee => ({ mailbox: { name, address, routingType: 'SMTP' } })
const calendarOf = ({ mailbox }: Person) => ({ mailbox, kind: 'calendar' })

const meeting = (more: Properties = {}): NewItemInput => ({
  kind: 'calendar',
  properties: {
    subject: 'Plan',
    body: { type: 'HTML', value: '<p>Come!</p>' },
    location: 'Room 1',
    start: at(14, 9),
    end: at(14, 10),
    startTimeZone: { id: 'W. Europe Standard Time' },
    requiredAttendees: [attendee('rob@contoso.com', 'Rob Young')],
    optionalAttendees: [attendee('ann@contoso.com', 'Ann Lee')],
    ...more,
  },
})
const weekly = {
  pattern: { type: 'Weekly', interval: 1, days: ['Monday'], firstDayOfWeek: 'Monday' },
  range: { type: 'Numbered', start: '2030-01-14', count: 4 },
} as const

async function list(site: People, person: Person, kind: string): Promise<Item[]> {
  const found = await site.mailboxes.findItems(person.caller, {
    folders: [{ mailbox: person.mailbox, kind }],
    traversal: 'Shallow',
    view: page,
    wanted: { shape: 'all' },
  })
  return found.items
}
async function view(site: People, person: Person, from: number, to: number): Promise<Item[]> {
  const { items } = await site.mailboxes.findItems(person.caller, {
    folders: [calendarOf(person)],
    traversal: 'Shallow',
    view: { kind: 'calendar', start: from, end: to },
    wanted: { shape: 'all' },
  })
  return items
}
const get = async (site: People, person: Person, ref: Item['ref']) =>
  only(await site.mailboxes.getItems(person.caller, [ref], { shape: 'all' }))
const first = (items: Item[]): Item => {
  const [item] = items
  assert.ok(item)
  return item
}
const responses = (item: Item) =>
  (['requiredAttendees', 'optionalAttendees'] as const).flatMap((name) =>
    ((item.properties[name] ?? []) as Attendee[]).map((each) => [each.mailbox.address, each.response]),
  )

for (const engine of quickEngines) {
  test(`a meeting is invited to, accepted, changed and cancelled (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, clock } = site
    const made = await mailboxes.createMeeting(mary.caller, calendarOf(mary), meeting(), 'SendToAllAndSaveCopy')
    assert.equal(await deliverPost(site), 2)
    assert.equal((await list(site, mary, 'sentitems')).length, 1)

    const request = first(await list(site, rob, 'inbox'))
    assert.equal(request.kind, 'meetingRequest')
    const asked = request.properties
    assert.deepEqual(
      [asked.itemClass, asked.subject, asked.start, asked.end, asked.location, asked.meetingRequestType, asked.isRead],
      ['IPM.Schedule.Meeting.Request', 'Plan', at(14, 9), at(14, 10), 'Room 1', 'NewMeetingRequest', false],
    )
    const own = first(await list(site, rob, 'calendar'))
    assert.deepEqual(asked.associatedCalendarItemId, own.ref)
    assert.equal(own.properties.uid, (await get(site, mary, made.ref)).properties.uid)
    assert.deepEqual(
      [
        own.properties.myResponseType,
        own.properties.legacyFreeBusyStatus,
        own.properties.isMeeting,
        own.properties.isOrganizer,
        own.properties.appointmentState,
      ],
      ['NoResponseReceived', 'Tentative', true, false, 3],
    )
    assert.equal(((await get(site, rob, own.ref)).properties.body as { value: string }).value.includes('Come!'), true)

    clock.now += 60_000
    const answer = { disposition: 'SendAndSaveCopy', body: { type: 'Text', value: 'Gladly.' } } as const
    const { response, calendarItem, message } = await mailboxes.respond(rob.caller, request.ref, 'Accept', answer)
    assert.equal(response?.itemClass, 'IPM.Schedule.Meeting.Resp.Pos')
    assert.equal(calendarItem?.id, own.ref.id)
    assert.equal(message?.folder, (await mailboxes.getFolder(rob.caller, { mailbox: rob.mailbox, kind: 'deleteditems' })).row.id)
    const accepted = (await get(site, rob, own.ref)).properties
    assert.deepEqual([accepted.myResponseType, accepted.legacyFreeBusyStatus, accepted.appointmentReplyTime], ['Accept', 'Busy', clock.now])
    await deliverPost(site)
    const reply = first(await list(site, mary, 'inbox'))
    assert.deepEqual([reply.kind, reply.properties.subject, reply.properties.responseType], ['meetingResponse', 'Accepted: Plan', 'Accept'])
    assert.deepEqual(reply.properties.associatedCalendarItemId, made.ref)
    assert.deepEqual(responses(await get(site, mary, made.ref)), [['rob@contoso.com', 'Accept'], ['ann@contoso.com', 'Unknown']]) // prettier-ignore

    clock.now += 60_000
    await mailboxes.updateMeeting(mary.caller, made.ref, [set('location', 'Room 2')], { ...anyway, send: 'SendToAllAndSaveCopy' })
    await deliverPost(site)
    assert.equal(first(await list(site, rob, 'inbox')).properties.meetingRequestType, 'InformationalUpdate')
    assert.deepEqual(
      [(await get(site, rob, own.ref)).properties.location, (await get(site, rob, own.ref)).properties.myResponseType],
      ['Room 2', 'Accept'],
    )

    clock.now += 60_000
    await mailboxes.updateMeeting(mary.caller, made.ref, [set('start', at(14, 12)), set('end', at(14, 13))], {
      ...anyway,
      send: 'SendOnlyToAll',
    })
    await deliverPost(site)
    const moved = (await get(site, rob, own.ref)).properties
    assert.deepEqual(
      [moved.start, moved.end, moved.myResponseType, moved.appointmentSequenceNumber],
      [at(14, 12), at(14, 13), 'NoResponseReceived', 1],
    )
    await assert.rejects(
      mailboxes.respond(mary.caller, made.ref, 'Accept', { disposition: 'SendOnly' }),
      refusal('CalendarIsOrganizerForAccept'),
    )

    clock.now += 60_000
    await mailboxes.deleteMeeting(mary.caller, made.ref, 'MoveToDeletedItems', 'SendOnlyToAll')
    await deliverPost(site)
    const cancellation = (await list(site, rob, 'inbox')).find((item) => item.kind === 'meetingCancellation')
    assert.ok(cancellation)
    assert.equal(cancellation.properties.subject, 'Canceled: Plan')
    const cancelled = (await get(site, rob, own.ref)).properties
    assert.deepEqual([cancelled.isCancelled, cancelled.legacyFreeBusyStatus, cancelled.subject], [true, 'Free', 'Canceled: Plan'])
    await assert.rejects(
      mailboxes.respond(rob.caller, own.ref, 'Accept', { disposition: 'SendOnly' }),
      refusal('CalendarIsCancelledForAccept'),
    )
    await mailboxes.removeCancelled(rob.caller, cancellation.ref)
    assert.equal((await list(site, rob, 'calendar')).length, 0)
    assert.equal((await list(site, mary, 'calendar')).length, 0)
  })

  test(`an occurrence of a series is changed, answered and cancelled alone (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, clock } = site
    const made = await mailboxes.createMeeting(mary.caller, calendarOf(mary), meeting({ recurrence: weekly }), 'SendOnlyToAll')
    await deliverPost(site)
    const own = first(await list(site, rob, 'calendar'))
    assert.deepEqual([own.properties.calendarItemType, own.properties.isRecurring], ['RecurringMaster', true])
    assert.deepEqual((own.properties.lastOccurrence as Occurrence).start, at(14 + 21, 9))
    assert.equal((await view(site, rob, at(1, 0), at(31, 0))).length, 3)

    clock.now += 60_000
    const third = { ...made.ref, occurrence: at(28, 9) }
    const moved = [set('start', at(28, 15)), set('end', at(28, 16)), set('subject', 'Plan, later')]
    await mailboxes.updateMeeting(mary.caller, third, moved, { ...anyway, send: 'SendOnlyToAll' })
    await deliverPost(site)
    const request = (await list(site, rob, 'inbox')).find((item) => item.properties.recurrenceId === at(28, 9))
    assert.ok(request)
    assert.deepEqual(
      [request.properties.meetingRequestType, request.properties.associatedCalendarItemId],
      ['FullUpdate', { ...own.ref, occurrence: at(28, 9) }],
    )
    const seen = (await view(site, rob, at(28, 0), at(29, 0))).map(({ properties }) => [
      properties.start,
      properties.subject,
      properties.calendarItemType,
    ])
    assert.deepEqual(seen, [[at(28, 15), 'Plan, later', 'Exception']])

    clock.now += 60_000
    await mailboxes.respond(rob.caller, request.ref, 'Tentative', { disposition: 'SendOnly' })
    await deliverPost(site)
    assert.deepEqual(responses(await get(site, mary, third)), [['rob@contoso.com', 'Tentative'], ['ann@contoso.com', 'Unknown']]) // prettier-ignore
    assert.deepEqual(responses(await get(site, mary, made.ref))[0], ['rob@contoso.com', 'Unknown'])

    clock.now += 60_000
    await mailboxes.deleteMeeting(mary.caller, { ...made.ref, occurrence: at(21, 9) }, 'MoveToDeletedItems', 'SendOnlyToAll')
    await deliverPost(site)
    assert.deepEqual((await get(site, mary, made.ref)).properties.deletedOccurrences, [{ start: at(21, 9) }])
    const second = first(await view(site, rob, at(21, 0), at(22, 0)))
    assert.deepEqual([second.properties.isCancelled, second.properties.subject], [true, 'Canceled: Plan'])
    assert.notEqual((await get(site, rob, own.ref)).properties.isCancelled, true)
    await assert.rejects(
      mailboxes.updateMeeting(mary.caller, { ...made.ref, occurrence: at(21, 9) }, [set('subject', 'x')], {
        ...anyway,
        send: 'SendToNone',
      }),
      refusal('CalendarOccurrenceIsDeletedFromRecurrence'),
    )
  })

  test(`an attendee who is taken off the list gets a cancellation, a new one an invitation (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, ann } = site
    const made = await mailboxes.createMeeting(mary.caller, calendarOf(mary), meeting({ optionalAttendees: [] }), 'SendOnlyToAll')
    await deliverPost(site)
    site.clock.now += 60_000
    const changes = [set('requiredAttendees', [attendee('ann@contoso.com', 'Ann Lee')])]
    await mailboxes.updateMeeting(mary.caller, made.ref, changes, { ...anyway, send: 'SendOnlyToChanged' })
    await deliverPost(site)
    assert.deepEqual((await list(site, rob, 'inbox')).map((item) => item.kind).sort(), ['meetingCancellation', 'meetingRequest'])
    assert.deepEqual(
      (await list(site, ann, 'inbox')).map((item) => item.kind),
      ['meetingRequest'],
    )
  })

  test(`declining takes the meeting out of the calendar, an old invitation changes nothing (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, clock } = site
    const made = await mailboxes.createMeeting(mary.caller, calendarOf(mary), meeting(), 'SendOnlyToAll')
    const old = await site.store.read(async (tx) => {
      const [message] = await tx.queue.list(site.organisation, '', 1)
      return tx.queue.blob(site.organisation, message!.blob)
    })
    await deliverPost(site)
    clock.now += 60_000
    await mailboxes.updateMeeting(mary.caller, made.ref, [set('start', at(15, 9)), set('end', at(15, 10))], {
      ...anyway,
      send: 'SendOnlyToAll',
    })
    await deliverPost(site)
    const id = await mailboxes.deliver(site.organisation, rob.mailbox, {
      mime: old,
      recipient: 'rob@contoso.com',
      sender: 'mary@contoso.com',
      receivedAt: clock.now,
    })
    const late = await get(site, rob, { mailbox: rob.mailbox, id })
    assert.deepEqual([late.properties.isOutOfDate, late.properties.meetingRequestType], [true, 'Outdated'])
    assert.equal(first(await list(site, rob, 'calendar')).properties.start, at(15, 9))
    await assert.rejects(
      mailboxes.respond(rob.caller, late.ref, 'Accept', { disposition: 'SendOnly' }),
      refusal('CalendarMeetingRequestIsOutOfDate'),
    )
    const proposed = { start: at(16, 9), end: at(16, 10) }
    await mailboxes.respond(rob.caller, first(await list(site, rob, 'calendar')).ref, 'Decline', { disposition: 'SendOnly', proposed })
    assert.equal((await list(site, rob, 'calendar')).length, 0)
    await deliverPost(site)
    const [person] = (await get(site, mary, made.ref)).properties.requiredAttendees as Attendee[]
    assert.deepEqual([person?.response, person?.proposedStart, person?.proposedEnd], ['Decline', at(16, 9), at(16, 10)])
    assert.equal(first(await list(site, mary, 'inbox')).properties.subject, 'New Time Proposed: Plan')
  })

  test(`a room accepts when it is free and declines when it is not (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, directory, organisation } = site
    const room = await directory.create(organisation, { kind: 'RoomMailbox', alias: 'room1', displayName: 'Room 1' })
    await mailboxes.provision(organisation, room.mailbox)
    const booking = (more: Properties = {}) =>
      meeting({ requiredAttendees: [], optionalAttendees: [], resources: [attendee('room1@contoso.com')], ...more })
    const made = await mailboxes.createMeeting(mary.caller, calendarOf(mary), booking(), 'SendOnlyToAll')
    await deliverPost(site)
    const status = async (person: Person, ref: Item['ref']) =>
      ((await get(site, person, ref)).properties.resources as Attendee[])[0]?.response
    assert.equal(await status(mary, made.ref), 'Accept')
    const clash = await mailboxes.createMeeting(
      rob.caller,
      calendarOf(rob),
      booking({ recurrence: weekly, start: at(14, 9) + 1_800_000 }),
      'SendOnlyToAll',
    )
    await deliverPost(site)
    assert.equal(await status(rob, clash.ref), 'Decline')
    await mailboxes.cancelCalendarItem(mary.caller, made.ref, { disposition: 'SendOnly' })
    await deliverPost(site)
    const again = await mailboxes.createMeeting(rob.caller, calendarOf(rob), booking(), 'SendOnlyToAll')
    await deliverPost(site)
    assert.equal(await status(rob, again.ref), 'Accept')
  })

  test(`of a series with few conflicts a room takes the others (${engine.name}): Set-CalendarProcessing ConflictPercentageAllowed, MaximumConflictInstances`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, directory, organisation, system } = site
    const room = await directory.create(organisation, { kind: 'RoomMailbox', alias: 'room1', displayName: 'Room 1' })
    await mailboxes.provision(organisation, room.mailbox)
    const rules = (calendarProcessing: object) => mailboxes.saveSettings(system, room.mailbox, { calendarProcessing })
    const booking = (more: Properties = {}) =>
      meeting({ requiredAttendees: [], optionalAttendees: [], resources: [attendee('room1@contoso.com')], ...more })
    // Mary has the second of four Mondays.
    await mailboxes.createMeeting(mary.caller, calendarOf(mary), booking({ start: at(21, 9), end: at(21, 10) }), 'SendOnlyToAll')
    await deliverPost(site)
    const book = async () => {
      const made = await mailboxes.createMeeting(rob.caller, calendarOf(rob), booking({ recurrence: weekly }), 'SendOnlyToAll')
      await deliverPost(site)
      const answers = await Promise.all(
        [14, 21, 28, 35].map(async (day) => {
          const one = await get(site, rob, { ...made.ref, occurrence: at(day, 9) })
          return (one.properties.resources as Attendee[])[0]?.response
        }),
      )
      const starts = (
        await mailboxes.findItems(system, {
          folders: [{ mailbox: room.mailbox, kind: 'calendar' }],
          traversal: 'Shallow',
          view: { kind: 'calendar', start: at(1, 0), end: at(60, 0) },
          wanted: { shape: 'all' },
        })
      ).items.map((item) => item.properties.start)
      await mailboxes.cancelCalendarItem(rob.caller, made.ref, { disposition: 'SendOnly' })
      await deliverPost(site)
      return { answers, starts }
    }
    const refused = ['Decline', 'Decline', 'Decline', 'Decline']
    for (const [percent, instances] of [
      [0, 0],
      [24, 5],
      [25, 0],
    ] as const) {
      await rules({ ConflictPercentageAllowed: percent, MaximumConflictInstances: instances })
      assert.deepEqual(await book(), { answers: refused, starts: [at(21, 9)] }, `${percent} of a hundred, ${instances} at most`)
    }
    await rules({ ConflictPercentageAllowed: 25, MaximumConflictInstances: 1 })
    const answers = ['Accept', 'Decline', 'Accept', 'Accept']
    assert.deepEqual(await book(), { answers, starts: [at(14, 9), at(21, 9), at(28, 9), at(35, 9)] })
    await rules({ BookingWindowInDays: 20 })
    assert.deepEqual(await book(), { answers: refused, starts: [at(21, 9)] }, 'it ends beyond the window')
    await rules({ BookingWindowInDays: 20, EnforceSchedulingHorizon: false, ConflictPercentageAllowed: 50, MaximumConflictInstances: 1 })
    assert.deepEqual((await book()).answers, answers, 'what is beyond the window is not looked at')
  })

  test(`who may not send for a mailbox sends no invitations for it (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, ann, directory, organisation } = site
    const calendar = await mailboxes.getFolder(mary.caller, calendarOf(mary))
    await site.store.write((tx) =>
      tx.folders.update(mary.mailbox, calendar.row.id, { permissions: [{ user: rob.recipient.id, rights: 0x47b }] }),
    )
    const input = meeting({ requiredAttendees: [attendee('ann@contoso.com')], optionalAttendees: [] })
    await assert.rejects(mailboxes.createMeeting(rob.caller, calendarOf(mary), input, 'SendOnlyToAll'), refusal('SendAsDenied'))
    await directory.update(organisation, mary.recipient.id, { sendOnBehalf: [rob.recipient.id] })
    await mailboxes.createMeeting(rob.caller, calendarOf(mary), input, 'SendOnlyToAll')
    await deliverPost(site)
    const { from, sender } = first(await list(site, ann, 'inbox')).properties as Record<string, { address: string }>
    assert.deepEqual([from?.address, sender?.address], ['mary@contoso.com', 'rob@contoso.com'])
  })
}

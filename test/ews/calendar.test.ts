import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateItem, DeleteItem, FindItem, GetItem, GetUserAvailability, MoveItem, UpdateItem, type BaseItemId, type EwsItem,
} from '#schema' // prettier-ignore
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

type Id = { Id: string; ChangeKey: string }
const hour = 3_600_000
const day = 24 * hour
const calendar = { is: 'DistinguishedFolderId', value: { Id: 'calendar' } } as const
const first = Date.UTC(2030, 2, 4, 8)
const weekly: EwsItem = {
  kind: 'calendar',
  properties: {
    subject: 'Weekly',
    start: first,
    end: first + hour,
    startTimeZone: { id: 'W. Europe Standard Time' },
    recurrence: { pattern: { type: 'Weekly', interval: 1, days: ['Monday'] }, range: { type: 'Numbered', start: '2030-03-04', count: 6 } },
  },
}

async function view(client: EwsClient, from: number, to: number): Promise<EwsItem[]> {
  const View = { is: 'CalendarView' as const, value: { StartDate: from, EndDate: to } }
  const request = { Traversal: 'Shallow' as const, ItemShape: { BaseShape: 'AllProperties' as const }, View, ParentFolderIds: [calendar] }
  const Found = only(await client.call(FindItem, request)).RootFolder?.Found
  return Found?.is === 'Items' ? Found.value : []
}
const get = (client: EwsClient, ...ItemIds: BaseItemId[]) => client.call(GetItem, { ItemShape: { BaseShape: 'AllProperties' }, ItemIds })
const itemId = (value: Id): BaseItemId => ({ is: 'ItemId', value })
const change = (client: EwsClient, Id: BaseItemId, property: string, value: unknown) => {
  assert.ok(Id.is !== 'RecurringMasterItemIdRanges')
  return client.call(UpdateItem, {
    ItemChanges: [{ Id, Updates: { changes: [{ op: 'set', path: { property }, value, kind: 'calendar' }] } }],
    ConflictResolution: 'AlwaysOverwrite',
    SendMeetingInvitationsOrCancellations: 'SendToNone',
  })
}

for (const engine of quickEngines) {
  test(`a series shows its occurrences, its exceptions and what was deleted (interop 1.12, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const made = only(await mary.call(CreateItem, { SendMeetingInvitations: 'SendToNone', Items: [weekly] })).Items[0]
    const master = made?.properties.itemId as Id
    const shown = await view(mary, first - day, first + 60 * day)
    assert.equal(shown.length, 6)
    // Local time stays over the change to summer time on 31 March.
    assert.deepEqual(
      shown.map(({ properties }) => new Date(properties.start as number).getUTCHours()),
      [8, 8, 8, 8, 7, 7],
    )
    assert.ok(shown.every(({ properties }) => properties.calendarItemType === 'Occurrence'))
    const [, second, third] = shown.map(({ properties }) => properties.itemId as Id)
    assert.ok(second && third)
    only(await change(mary, itemId(second), 'location', 'Elsewhere'))
    const remove = { ItemIds: [itemId(third)], DeleteType: 'HardDelete' as const, SendMeetingCancellations: 'SendToNone' as const }
    only(await mary.call(DeleteItem, remove))
    const now = await view(mary, first - day, first + 60 * day)
    assert.deepEqual(
      now.map(({ properties }) => properties.calendarItemType),
      ['Occurrence', 'Exception', 'Occurrence', 'Occurrence', 'Occurrence'],
    )
    const [whole] = only(await get(mary, itemId(master))).Items
    assert.equal(whole?.properties.calendarItemType, 'RecurringMaster')
    assert.equal((whole?.properties.modifiedOccurrences as unknown[]).length, 1)
    assert.deepEqual(whole?.properties.deletedOccurrences, [{ Start: first + 14 * day }])
    assert.deepEqual((whole?.properties.firstOccurrence as { Start: number }).Start, first)

    const nth = (InstanceIndex: number): BaseItemId => ({ is: 'OccurrenceItemId', value: { RecurringMasterId: master.Id, InstanceIndex } })
    assert.equal(only(await get(mary, nth(2))).Items[0]?.properties.location, 'Elsewhere')
    const ofOccurrence: BaseItemId = { is: 'RecurringMasterItemId', value: { OccurrenceId: second.Id } }
    assert.equal((only(await get(mary, ofOccurrence)).Items[0]?.properties.itemId as Id).Id, master.Id)
    const ranges: BaseItemId = {
      is: 'RecurringMasterItemIdRanges',
      value: { Id: master.Id, Ranges: [{ Start: first - day, End: first + 8 * day }] },
    }
    assert.deepEqual(codes(await get(mary, ranges)), ['NoError', 'NoError'])
    assert.deepEqual(codes(await get(mary, nth(3), nth(99), { is: 'RecurringMasterItemId', value: { OccurrenceId: master.Id } })), [
      'ErrorCalendarOccurrenceIsDeletedFromRecurrence',
      'ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange',
      'ErrorCalendarCannotUseIdForOccurrenceId',
    ])
    const wrong: BaseItemId = { is: 'OccurrenceItemId', value: { RecurringMasterId: second.Id, InstanceIndex: 1 } }
    assert.deepEqual(codes(await get(mary, wrong)), ['ErrorCalendarCannotUseIdForRecurringMasterId'])
    const moved = await mary.call(MoveItem, { ToFolderId: { Folder: calendar }, ItemIds: [itemId(second)] })
    assert.deepEqual(codes(moved), ['ErrorCalendarCannotMoveOrCopyOccurrence'])
  })

  test(`free/busy says no more than the caller may see, and suggests times ([MS-OXWAVLS] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [ewsClient(site), ewsClient(site, 'rob')]
    const busy: EwsItem = {
      kind: 'calendar',
      properties: { subject: 'Secret', start: first, end: first + hour, legacyFreeBusyStatus: 'Busy' },
    }
    only(await mary.call(CreateItem, { SendMeetingInvitations: 'SendToNone', Items: [busy] }))
    const TimeWindow = { StartTime: '2030-03-04T00:00:00', EndTime: '2030-03-05T00:00:00' }
    const MailboxDataArray = ['mary@contoso.com', 'nobody@contoso.com'].map((Address) => ({
      Email: { Address },
      AttendeeType: 'Required' as const,
    }))
    const utc = { Bias: 0, Time: '00:00:00', DayOrder: 0, Month: 0, DayOfWeek: 'Sunday' as const }
    const TimeZone = { Bias: -60, StandardTime: utc, DaylightTime: utc }
    const ask = (client: EwsClient) =>
      client.call(GetUserAvailability, {
        TimeZone,
        MailboxDataArray,
        FreeBusyViewOptions: { TimeWindow, MergedFreeBusyIntervalInMinutes: 60, RequestedView: ['DetailedMerged'] },
        SuggestionsViewOptions: { DetailedSuggestionsWindow: TimeWindow, MeetingDurationInMinutes: 60, MaximumResultsByDay: 3 },
      })
    const own = await ask(mary)
    const [mine, nobody] = own.FreeBusyResponseArray ?? []
    assert.equal(mine?.FreeBusyView?.MergedFreeBusy, '000000000200000000000000')
    assert.equal(mine?.FreeBusyView?.CalendarEventArray?.[0]?.StartTime, '2030-03-04T09:00:00')
    assert.equal(mine?.FreeBusyView?.CalendarEventArray?.[0]?.CalendarEventDetails?.Subject, 'Secret')
    assert.equal(nobody?.ResponseMessage.ResponseCode, 'ErrorMailRecipientNotFound')
    assert.equal(own.SuggestionsResponse?.ResponseMessage.ResponseCode, 'NoError')
    assert.ok((own.SuggestionsResponse?.SuggestionDayResultArray?.[0]?.SuggestionArray.length ?? 0) > 0)
    const [seen] = (await ask(rob)).FreeBusyResponseArray ?? []
    assert.deepEqual(seen?.FreeBusyView?.FreeBusyViewType, ['FreeBusyMerged'])
    assert.equal(seen?.FreeBusyView?.CalendarEventArray?.[0]?.CalendarEventDetails, undefined)
  })

  test(`MimeContent of a calendar item is iCalendar, in and out (interop 3.10, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const made = only(await mary.call(CreateItem, { SendMeetingInvitations: 'SendToNone', Items: [weekly] })).Items[0]
    const read = async (value: Id): Promise<string> => {
      const ItemShape = { BaseShape: 'IdOnly' as const, IncludeMimeContent: true }
      const [item] = only(await mary.call(GetItem, { ItemShape, ItemIds: [{ is: 'ItemId', value }] })).Items
      return Buffer.from(item?.mime?.content ?? '', 'base64').toString()
    }
    const text = await read(made?.properties.itemId as Id)
    assert.match(text, /^BEGIN:VCALENDAR[\s\S]*BEGIN:VTIMEZONE[\s\S]*RRULE:FREQ=WEEKLY/)
    const again: EwsItem = {
      kind: 'calendar',
      properties: {},
      mime: { content: Buffer.from(text.replace(/^UID:.*(?:\r\n .*)*$/m, 'UID:other')).toString('base64') },
    }
    const copy = only(await mary.call(CreateItem, { SendMeetingInvitations: 'SendToNone', Items: [again] })).Items[0]
    const [item] = only(await get(mary, itemId(copy?.properties.itemId as Id))).Items
    assert.equal(item?.properties.subject, 'Weekly')
    assert.equal(item?.properties.uid, 'other')
    assert.equal(item?.properties.calendarItemType, 'RecurringMaster')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateItem, DeleteItem, GetItem, GetReminders, PerformReminderAction, UpdateItem, type BaseItemId, type EwsItem, type Infer,
} from '#schema' // prettier-ignore
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const minute = 60_000
const day = 86_400_000
const now = Date.UTC(2026, 10, 27, 9, 0)

type Action = Infer<typeof PerformReminderAction.request>['ReminderItemActions'][number]

async function make(client: EwsClient, item: EwsItem): Promise<{ Id: string; ChangeKey: string }> {
  const answer = only(
    await client.call(CreateItem, { Items: [item], SendMeetingInvitations: 'SendToNone', MessageDisposition: 'SaveOnly' }),
  )
  return answer.Items[0]?.properties.itemId as { Id: string; ChangeKey: string }
}
const appointment = (subject: string, start: number, more: EwsItem['properties'] = {}): EwsItem => ({
  kind: 'calendar',
  properties: { subject, start, end: start + 30 * minute, reminderIsSet: true, reminderMinutesBeforeStart: 15, ...more },
})
const reminders = async (client: EwsClient, request: Infer<typeof GetReminders.request> = {}) =>
  only([await client.call(GetReminders, request)]).Reminders
const subjects = async (client: EwsClient, request: Infer<typeof GetReminders.request> = {}) =>
  (await reminders(client, request)).map(({ Subject }) => Subject)
const act = (client: EwsClient, ...ReminderItemActions: Action[]) => client.call(PerformReminderAction, { ReminderItemActions })
const change = async (client: EwsClient, Id: { Id: string; ChangeKey?: string }, property: string, value: unknown, kind: EwsItem['kind'] = 'calendar') =>
  only(await client.call(UpdateItem, {
    ItemChanges: [{ Id: { is: 'ItemId', value: Id }, Updates: { changes: [{ op: 'set', path: { property }, value, kind }] } }],
    ConflictResolution: 'AlwaysOverwrite', MessageDisposition: 'SaveOnly', SendMeetingInvitationsOrCancellations: 'SendToNone',
  })) // prettier-ignore

for (const engine of quickEngines) {
  test(`MS-OXWSMTGS_R2011 R2032 R2033 R2055 R2072 R2077 R2079 R2081 R2083 R2085 R2087 R2091 R20911 R20912 R2093 R2099 R2100, [MS-OXWSRMND] 3.1.4.1: reminders of calendar items and tasks by their signal (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = ewsClient(site)
    const later = await make(mary, appointment('Later', now + 120 * minute))
    const soon = await make(mary, appointment('Soon', now + 10 * minute, { location: 'Room 7' }))
    const over = await make(mary, appointment('Over', now - 2 * day))
    await make(mary, { kind: 'calendar', properties: { subject: 'Silent', start: now, end: now + minute, reminderIsSet: false } })
    const task = await make(mary, {
      kind: 'task',
      properties: { subject: 'Call', dueDate: now + day, reminderIsSet: true, reminderDueBy: now + 30 * minute },
    })
    const [first, second, third, fourth] = await reminders(mary)
    assert.equal(first?.Subject, 'Over')
    const { UID, ...seen } = second!
    assert.ok(UID)
    assert.deepEqual(seen, {
      Subject: 'Soon',
      Location: 'Room 7',
      ReminderTime: now - 5 * minute,
      StartDate: now + 10 * minute,
      EndDate: now + 40 * minute,
      ItemId: { Id: soon.Id, ChangeKey: soon.ChangeKey },
      ReminderGroup: 'Calendar',
    })
    assert.deepEqual([third?.Subject, third?.ReminderGroup, third?.ItemId.Id], ['Call', 'Task', task.Id])
    assert.equal(fourth?.ItemId.Id, later.Id)
    assert.deepEqual(await subjects(mary, { ReminderType: 'Old' }), ['Over'])
    assert.deepEqual(await subjects(mary, { ReminderType: 'Current' }), ['Soon', 'Call', 'Later'])
    assert.deepEqual(await subjects(mary, { BeginTime: now - day, EndTime: now }), ['Soon'])
    assert.deepEqual(await subjects(mary, { MaxItems: 1 }), ['Over'])
    assert.deepEqual(await subjects(ewsClient(site, 'rob')), [])
    const inIt: BaseItemId = { is: 'ItemId', value: { Id: over.Id } }
    await mary.call(DeleteItem, { DeleteType: 'MoveToDeletedItems', ItemIds: [inIt], SendMeetingCancellations: 'SendToNone' })
    assert.deepEqual(await subjects(mary), ['Soon', 'Call', 'Later'])
  })

  test(`MS-OXWSMTGS_R2101 R2124 R2125 R2126 R2127 R2145, [MS-OXWSRMND] 3.1.4.2: what is dismissed stays so after an update, what is put off comes later (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = ewsClient(site)
    const one = await make(mary, appointment('One', now + 10 * minute))
    const two = await make(mary, appointment('Two', now + 10 * minute))
    const NewReminderTime = new Date(now + 5 * minute).toISOString()
    const done = only([await act(mary, { ActionType: 'Dismiss', ItemId: one }, { ActionType: 'Snooze', ItemId: two, NewReminderTime })])
    assert.deepEqual(done.UpdatedItemIds.map(({ Id }) => Id), [one.Id, two.Id]) // prettier-ignore
    assert.notEqual(done.UpdatedItemIds[0]?.ChangeKey, one.ChangeKey)
    assert.deepEqual((await reminders(mary)).map(({ Subject, ReminderTime }) => [Subject, ReminderTime]), [['Two', now + 5 * minute]]) // prettier-ignore
    await change(mary, one, 'subject', 'One, renamed')
    await change(mary, two, 'subject', 'Two, renamed')
    assert.deepEqual((await reminders(mary)).map(({ Subject, ReminderTime }) => [Subject, ReminderTime]), [['Two, renamed', now + 5 * minute]]) // prettier-ignore
    await change(mary, two, 'start', now + 5 * minute)
    assert.deepEqual((await reminders(mary)).map(({ ReminderTime }) => ReminderTime), [now - 10 * minute]) // prettier-ignore
    assert.deepEqual(codes([await act(mary, { ActionType: 'Dismiss', ItemId: one })]), ['ErrorInvalidArgument'])
    assert.deepEqual(codes([await act(mary, { ActionType: 'Snooze', ItemId: two })]), ['ErrorInvalidRequest'])
    assert.deepEqual(codes([await act(ewsClient(site, 'rob'), { ActionType: 'Dismiss', ItemId: two })]), ['ErrorItemNotFound'])
  })

  test(`MS-OXWSMTGS_R2089: of a series the reminder is of its next occurrence, dismissed one by one (${engine.name})`, async () => {
    let time = now
    await using site = await startTestSite({ engine, outside: { clock: () => time } })
    const mary = ewsClient(site)
    const start = now - 2 * day + 10 * minute
    const recurrence = { pattern: { type: 'Daily', interval: 1 }, range: { type: 'Numbered', start: '2026-11-25', count: 5 } }
    const series = await make(mary, appointment('Standup', start, { recurrence, startTimeZone: { id: 'UTC' } } as never))
    const due = async () =>
      (await reminders(mary)).map(({ StartDate, ReminderTime }) => [(StartDate - start) / day, (StartDate - ReminderTime) / minute])
    assert.deepEqual(await due(), [[2, 15]])
    const [shown] = await reminders(mary)
    assert.equal(shown?.RecurringMasterItemId?.Id, series.Id)
    const [occurrence] = only(
      await mary.call(GetItem, { ItemShape: { BaseShape: 'Default' }, ItemIds: [{ is: 'ItemId', value: shown!.ItemId }] }),
    ).Items
    assert.equal(occurrence?.properties.start, now + 10 * minute)

    only([await act(mary, { ActionType: 'Dismiss', ItemId: shown!.ItemId })])
    assert.deepEqual(await due(), [[3, 15]])
    await change(mary, series, 'subject', 'Standup, renamed')
    await change(mary, series, 'requiredAttendees', [{ mailbox: { address: 'rob@contoso.com' } }])
    assert.deepEqual(await due(), [[3, 15]])
    const NewReminderTime = new Date(now + day).toISOString()
    only([await act(mary, { ActionType: 'Snooze', ItemId: series, NewReminderTime })])
    assert.deepEqual(await due(), [[3, 10]])
    time += 2 * day
    assert.deepEqual(await due(), [[4, 15]])
    only([await act(mary, { ActionType: 'Dismiss', ItemId: series })])
    assert.deepEqual(await due(), [])
  })

  test(`MS-OXWSMTGS_R1031 R1059 R1061 R1063 R1065 R1067 R1069 R1163 R1164 R1167 R1169 R1170 R1171 R1339 R1340 R1341 R116902 R116903 R2006: reminders by mail are kept as they were given (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = ewsClient(site)
    const reminder = (values: Record<string, string>) => ({
      name: 'InboxReminder',
      children: Object.entries(values).map(([name, value]) => ({ name, children: [value] })),
    })
    const given = (organizer: string, option: string) => ({
      Id: '0b0f4f6e-1a59-4ae1-9f0a-5f2f3a1f6b11', ReminderOffset: '30', Message: 'Bring the plans', IsOrganizerReminder: organizer, OccurrenceChange: 'None',
      IsImportedFromOLC: 'false', SendOption: option,
    }) // prettier-ignore
    const children = [
      given('true', 'NotSet'),
      given('false', 'NotSet'),
      given('false', 'AllAttendees'),
      { ...given('true', 'User'), OccurrenceChange: 'Added' },
    ]
    const id = await make(
      mary,
      appointment('By mail', now + day, { inboxReminders: { name: 'InboxReminders', children: children.map(reminder) } as never }),
    )
    const [read] = only(
      await mary.call(GetItem, { ItemShape: { BaseShape: 'AllProperties' }, ItemIds: [{ is: 'ItemId', value: id }] }),
    ).Items
    const options = ['AllAttendees', 'User', 'AllAttendees', 'User']
    const kept = { name: 'InboxReminders', children: children.map((one, at) => reminder({ ...one, SendOption: options[at]! })) }
    assert.deepEqual(read?.properties.inboxReminders, kept)
  })
}

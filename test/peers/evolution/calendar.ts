/** Steps with Evolution's calendar, task list and memos. */
import assert from 'node:assert/strict'
import { at, idOf, text, texts } from '../../requirements/person.ts'
import { itemCalled, type World } from './world.ts'

const component = (kind: string, lines: string[]): string => [`BEGIN:${kind}`, ...lines, `END:${kind}`, ''].join('\r\n')
const event = (called: string, lines: string[]): string => component('VEVENT', [`UID:${called}`, `SUMMARY:${called}`, ...lines])

/** Events, a series with exceptions, tasks and memos. */
export async function calendarSteps({ desk, mary, step }: World): Promise<void> {
  await step('creates an event, changes and removes it', async () => {
    const lines = [
      'DTSTART;TZID=Europe/Vienna:20300704T100000',
      'DTEND;TZID=Europe/Vienna:20300704T113000',
      'LOCATION:Canal',
      'DESCRIPTION:With a boat',
      'TRANSP:OPAQUE',
      'CATEGORIES:Holiday',
    ]
    const [uid, shown] = await desk.ask<string[]>('calendar_create', {
      folder: 'Calendar',
      called: 'Outing',
      component: event('Outing', lines),
    })
    const made = await itemCalled(mary, 'calendar', 'Outing')
    assert.equal(text(made, 'UID'), uid)
    assert.equal(text(made, 'Start'), '2030-07-04T08:00:00Z')
    assert.equal(text(made, 'End'), '2030-07-04T09:30:00Z')
    assert.equal(text(made, 'Location'), 'Canal')
    assert.equal(text(made, 'LegacyFreeBusyStatus'), 'Busy')
    assert.deepEqual(texts(made, 'Categories/String'), ['Holiday'])
    assert.match(shown ?? '', /DTSTART;TZID=Europe\/\w+:20300704T100000/)
    await desk.ask('calendar_modify', { folder: 'Calendar', called: 'Outing', changes: ['LOCATION:Lock', 'TRANSP:TRANSPARENT'] })
    const changed = await itemCalled(mary, 'calendar', 'Outing')
    assert.equal(text(changed, 'Location'), 'Lock')
    assert.equal(text(changed, 'LegacyFreeBusyStatus'), 'Free')
    assert.equal(idOf(changed).Id, idOf(made).Id)
    assert.deepEqual(await desk.ask('calendar_remove', { folder: 'Calendar', called: 'Outing' }), [])
    assert.equal((await mary.find('calendar')).length, 0)
  })

  await step('views a month with what others have put there', async () => {
    for (const [subject, day] of [
      ['Early', '2030-03-04'],
      ['Late', '2030-03-29'],
      ['Next month', '2030-04-02'],
    ])
      await mary.create(
        `<t:CalendarItem><t:Subject>${subject}</t:Subject><t:Start>${day}T10:00:00Z</t:Start><t:End>${day}T11:00:00Z</t:End></t:CalendarItem>`,
      )
    const month = { start: '2030-03-01T00:00:00Z', end: '2030-04-01T00:00:00Z' }
    assert.deepEqual(await desk.ask('calendar_between', month), [
      ['Early', '20300304T100000Z'],
      ['Late', '20300329T100000Z'],
    ])
  })

  await step('creates a series over the change of the clock, changes one occurrence and removes another', async () => {
    const lines = [
      'DTSTART;TZID=Europe/Vienna:20301018T100000',
      'DTEND;TZID=Europe/Vienna:20301018T110000',
      'RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=FR',
    ]
    await desk.ask('calendar_create', { folder: 'Calendar', called: 'Weekly', component: event('Weekly', lines) })
    const range = { start: '2030-10-01T00:00:00Z', end: '2030-12-01T00:00:00Z' }
    const starts = async () => (await desk.ask<string[][]>('calendar_between', range)).map(([, start]) => start)
    assert.deepEqual(await starts(), ['20301018T080000Z', '20301025T080000Z', '20301101T090000Z', '20301108T090000Z'])
    await desk.ask('calendar_modify', {
      folder: 'Calendar',
      called: 'Weekly',
      changes: ['LOCATION:Bridge', 'DTSTART;TZID=Europe/Vienna:20301025T150000', 'DTEND;TZID=Europe/Vienna:20301025T160000'],
      occurrence: 'RECURRENCE-ID;TZID=Europe/Vienna:20301025T100000',
    })
    await desk.ask('calendar_remove', { folder: 'Calendar', called: 'Weekly', occurrence: '20301101T100000' })
    assert.deepEqual(await starts(), ['20301018T080000Z', '20301025T130000Z', '20301108T090000Z'])
    const view = '<m:CalendarView StartDate="2030-10-01T00:00:00Z" EndDate="2030-12-01T00:00:00Z"/>'
    const seen = await mary.find('calendar', { fields: ['calendar:Start', 'calendar:Location', 'calendar:CalendarItemType'], view })
    assert.deepEqual(
      seen.map((item) => [text(item, 'Start'), text(item, 'Location'), text(item, 'CalendarItemType')]),
      [
        ['2030-10-18T08:00:00Z', undefined, 'Occurrence'],
        ['2030-10-25T13:00:00Z', 'Bridge', 'Exception'],
        ['2030-11-08T09:00:00Z', undefined, 'Occurrence'],
      ],
    )
    const master = await itemCalled(mary, 'calendar', 'Weekly')
    assert.equal(text(master, 'Recurrence/WeeklyRecurrence/DaysOfWeek'), 'Friday')
    assert.equal(text(master, 'DeletedOccurrences/DeletedOccurrence/Start'), '2030-11-01T09:00:00Z')
    assert.equal(at(master, 'StartTimeZone')?.attributes['Id'], 'W. Europe Standard Time')
    assert.deepEqual(await desk.ask('calendar_remove', { folder: 'Calendar', called: 'Weekly' }), [])
    assert.deepEqual(await starts(), [])
  })

  await step('creates a whole day', async () => {
    const lines = ['DTSTART;VALUE=DATE:20300506', 'DTEND;VALUE=DATE:20300507']
    const [, shown = ''] = await desk.ask<string[]>('calendar_create', {
      folder: 'Calendar',
      called: 'Holiday',
      component: event('Holiday', lines),
    })
    assert.match(shown, /DTSTART;VALUE=DATE:20300506\r\n/)
    const made = await itemCalled(mary, 'calendar', 'Holiday')
    assert.equal(text(made, 'IsAllDayEvent'), 'true')
    await desk.ask('calendar_remove', { folder: 'Calendar', called: 'Holiday' })
  })

  await step('keeps tasks', async () => {
    const lines = [
      'UID:paint',
      'SUMMARY:Paint',
      'DUE;VALUE=DATE:20300610',
      'DTSTART;VALUE=DATE:20300601',
      'PRIORITY:3',
      'DESCRIPTION:The boat',
    ]
    await desk.ask('calendar_create', { folder: 'Tasks', called: 'Paint', component: component('VTODO', lines) })
    const made = await itemCalled(mary, 'tasks', 'Paint')
    assert.match(text(made, 'DueDate') ?? '', /^2030-06-10/)
    assert.equal(text(made, 'Importance'), 'High')
    assert.equal(text(made, 'Status'), 'NotStarted')
    const done = ['STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20300605T080000Z']
    await desk.ask('calendar_modify', { folder: 'Tasks', called: 'Paint', changes: done })
    const changed = await itemCalled(mary, 'tasks', 'Paint')
    assert.equal(text(changed, 'Status'), 'Completed')
    assert.equal(text(changed, 'IsComplete'), 'true')
    await mary.create('<t:Task><t:Subject>Tar</t:Subject><t:DueDate>2030-06-12T00:00:00Z</t:DueDate></t:Task>')
    const [tar = ''] = await desk.ask<string[]>('calendar_texts', { folder: 'Tasks', called: 'Tar' })
    assert.match(tar, /DUE;VALUE=DATE:20300612/)
    assert.deepEqual(await desk.ask('calendar_remove', { folder: 'Tasks', called: 'Paint' }), [])
    assert.equal((await mary.find('tasks')).length, 1)
  })

  await step('keeps memos', async () => {
    const lines = ['UID:memo', 'SUMMARY:Ropes', 'DESCRIPTION:Two of forty metres']
    await desk.ask('calendar_create', { folder: 'Notes', called: 'Ropes', component: component('VJOURNAL', lines) })
    const made = await itemCalled(mary, 'notes', 'Ropes', ['item:TextBody'])
    assert.equal(text(made, 'ItemClass'), 'IPM.StickyNote')
    assert.match(text(made, 'TextBody') ?? '', /Two of forty metres/)
    await desk.ask('calendar_modify', { folder: 'Notes', called: 'Ropes', changes: ['DESCRIPTION:Three of them'] })
    const changed = await itemCalled(mary, 'notes', 'Ropes', ['item:TextBody'])
    assert.match(text(changed, 'TextBody') ?? '', /Three of them/)
    assert.deepEqual(await desk.ask('calendar_remove', { folder: 'Notes', called: 'Ropes' }), [])
    assert.equal((await mary.find('notes')).length, 0)
  })
}

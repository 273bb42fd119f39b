import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, cancel, daily, event, latest, meet, required, series, updateXml } from '../requirements/meeting-room.ts'
import { idOf, itemXml, person, setXml, text } from '../requirements/person.ts'

const view = '<m:CalendarView StartDate="2030-03-04T00:00:00Z" EndDate="2030-03-09T00:00:00Z"/>'

for (const engine of quickEngines) {
  test(`a cancelled series is cancelled with its exceptions (${engine.name}): [MS-OXOCAL] 3.1.4.9.1, RFC 5546 3.2.5`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const made = await meet(mary, 'daily', required('rob') + series(daily))
    await arrived(site, 'rob', 'daily', 'calendar')
    const second = idOf(await mary.get(`<t:OccurrenceItemId RecurringMasterId="${made.Id}" InstanceIndex="2"/>`))
    const later =
      setXml('calendar:Start', event('<t:Start>2030-03-05T12:00:00Z</t:Start>')) +
      setXml('calendar:End', event('<t:End>2030-03-05T13:00:00Z</t:End>'))
    await mary.done(updateXml(second, later, 'SendOnlyToAll'))
    const fields = ['calendar:IsCancelled', 'calendar:Start', 'calendar:LegacyFreeBusyStatus', 'item:Subject']
    const seen = async () =>
      (await rob.find('calendar', { view, fields })).map((item) =>
        ['Start', 'IsCancelled', 'Subject', 'LegacyFreeBusyStatus'].map((name) => text(item, name)).join(' '),
      )
    const moved = async () => (await seen()).includes('2030-03-05T12:00:00Z false daily Tentative')
    if (!(await moved())) await until(site, 'rob', moved)
    assert.deepEqual(await mary.remove(itemXml(await latest(mary, made)), 'MoveToDeletedItems', cancel('SendOnlyToAll')), ['NoError'])
    await arrived(site, 'rob', 'Canceled: daily')
    assert.deepEqual(
      (await seen()).toSorted(),
      ['04T09', '05T12', '06T09', '07T09'].map((day) => `2030-03-${day}:00:00Z true Canceled: daily Free`),
    )
  })
}

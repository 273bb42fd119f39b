import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { daily, event, series } from '../requirements/meeting-room.ts'
import { person, text } from '../requirements/person.ts'

const zoned = (zone: string) => `<t:StartTimeZone Id="${zone}"/><t:EndTimeZone Id="${zone}"/>`
/** The starts, to the minute, that mary's calendar shows of a daily series in a zone. */
async function starts(site: TestSite, zone: string, first: string, days: number): Promise<(string | undefined)[]> {
  const mary = person(site)
  const date = first.slice(0, 10)
  const range = `<t:NumberedRecurrence><t:StartDate>${date}</t:StartDate><t:NumberOfOccurrences>${days}</t:NumberOfOccurrences></t:NumberedRecurrence>`
  const end = first.replace(/:\d\d:00$/, ':59:00')
  await mary.create(
    event(`<t:Subject>${zone} ${first}</t:Subject><t:Start>${first}</t:Start><t:End>${end}</t:End>${series(daily, range)}${zoned(zone)}`),
    {
      folder: 'calendar',
    },
  )
  const from = new Date(Date.parse(`${date}T00:00:00Z`) - 2 * 86_400_000).toISOString()
  const to = new Date(Date.parse(`${date}T00:00:00Z`) + (days + 2) * 86_400_000).toISOString()
  const shown = await mary.find('calendar', {
    view: `<m:CalendarView StartDate="${from}" EndDate="${to}"/>`,
    fields: ['calendar:Start', 'item:Subject'],
  })
  return shown.filter((one) => text(one, 'Subject') === `${zone} ${first}`).map((one) => text(one, 'Start')?.slice(5, 16))
}

for (const engine of quickEngines) {
  test(`a series keeps to its clock through gaps, overlaps and other years' rules (${engine.name}): RFC 5545 3.3.5 MS-OXWSMTGS_R520`, async () => {
    await using site = await startTestSite({ engine })
    for (const [zone, first, expected] of [
      // Berlin skips 02:00–03:00 on 31 March 2030: half past two is half past three that day.
      ['W. Europe Standard Time', '2030-03-30T02:30:00', ['03-30T01:30', '03-31T01:30', '04-01T00:30']],
      // It shows 02:00–03:00 twice on 27 October 2030: the first counts.
      ['W. Europe Standard Time', '2030-10-26T02:30:00', ['10-26T00:30', '10-27T00:30', '10-28T01:30']],
      // New York changed on the first Sunday in April until 2006, and does so in March since.
      ['Eastern Standard Time', '2006-04-01T09:00:00', ['04-01T14:00', '04-02T13:00', '04-03T13:00']],
      ['Eastern Standard Time', '2007-03-10T09:00:00', ['03-10T14:00', '03-11T13:00', '03-12T13:00']],
      // The rules of today hold for years to come.
      ['Eastern Standard Time', '2060-03-13T09:00:00', ['03-13T14:00', '03-14T13:00', '03-15T13:00']],
      // Brazil gave its summer time up in 2019.
      ['E. South America Standard Time', '2018-11-03T09:00:00', ['11-03T12:00', '11-04T11:00', '11-05T11:00']],
      ['E. South America Standard Time', '2030-11-02T09:00:00', ['11-02T12:00', '11-03T12:00', '11-04T12:00']],
      // Lord Howe moves by half an hour, south of the equator.
      ['Lord Howe Standard Time', '2030-10-05T09:00:00', ['10-04T22:30', '10-05T22:00', '10-06T22:00']],
    ] as const) {
      assert.deepEqual(await starts(site, zone, first, 3), expected, `${zone} ${first}`)
    }
  })

  test(`times without a zone are of the one that the request names (${engine.name}): [MS-OXWSGTZ] TimeZoneContext`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const floating = '<t:Subject>floating</t:Subject><t:Start>2030-07-01T09:00:00</t:Start><t:End>2030-07-01T10:00:00</t:End>'
    const read = async (headers?: Parameters<typeof mary.ask>[1]) => {
      const [message] = await mary.ask(mary.createXml(event(floating), { folder: 'calendar' }), headers)
      assert.equal(message?.code, 'NoError')
      const found = (await mary.find('calendar', { fields: ['calendar:Start'] })).map((one) => text(one, 'Start'))
      return new Set(found)
    }
    assert.deepEqual(await read(), new Set(['2030-07-01T09:00:00Z']))
    const berlin = await read({ timeZoneContext: { id: 'W. Europe Standard Time' } })
    assert.ok(berlin.has('2030-07-01T07:00:00Z'))
  })
}

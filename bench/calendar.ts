import { RRuleTemporal } from 'rrule-temporal'
import { occurrencesOf, zoneNamed, type Series } from '#model'
import { idsOf, succeeded } from '../test/clients/raw-ews.ts'
import type { BenchSite } from './bench-site.ts'
import { beside } from './ews.ts'
import { rate, type Row } from './table.ts'

const seriesInAll = 1000
const inOneCall = 100
const patterns = [
  '<t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>',
  '<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday Wednesday Friday</t:DaysOfWeek></t:WeeklyRecurrence>',
  '<t:RelativeMonthlyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Tuesday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>',
  '<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>',
]

const series = (at: number) =>
  `<t:CalendarItem><t:Subject>Series ${at}</t:Subject><t:Start>2020-01-06T${String(at % 24).padStart(2, '0')}:00:00</t:Start><t:End>2020-01-06T${String(at % 24).padStart(2, '0')}:30:00</t:End><t:Recurrence>${patterns[at % patterns.length]}<t:NoEndRecurrence><t:StartDate>2020-01-06</t:StartDate></t:NoEndRecurrence></t:Recurrence><t:StartTimeZone Id="W. Europe Standard Time"/></t:CalendarItem>`

const view = (folder: string, from: string, to: string, most: number) =>
  `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/><t:FieldURI FieldURI="calendar:Start"/><t:FieldURI FieldURI="calendar:End"/></t:AdditionalProperties></m:ItemShape><m:CalendarView MaxEntriesReturned="${most}" StartDate="${from}T00:00:00Z" EndDate="${to}T00:00:00Z"/><m:ParentFolderIds><t:FolderId Id="${folder}"/></m:ParentFolderIds></m:FindItem>`

/** A calendar of a thousand endless series: a day and a year of it over EWS, and the arithmetic alone beside a well-known library. */
export async function benchCalendar(bench: BenchSite): Promise<Row[]> {
  const { ews } = bench
  const made = succeeded(
    await ews.call(
      '<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>Bench</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>',
    ),
  )
  const folder = idsOf(made, 't:FolderId')[0] ?? ''
  const began = performance.now()
  for (let from = 0; from < seriesInAll; from += inOneCall) {
    const items = Array.from({ length: inOneCall }, (_, at) => series(from + at)).join('')
    succeeded(
      await ews.call(
        `<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId><t:FolderId Id="${folder}"/></m:SavedItemFolderId><m:Items>${items}</m:Items></m:CreateItem>`,
      ),
    )
  }
  const filled = rate(seriesInAll / ((performance.now() - began) / 1000))
  const day = await beside(bench, 'EWS CalendarView, a day of 1,000 series', [view(folder, '2030-03-04', '2030-03-05', 1000)])
  const year = await beside(bench, 'EWS CalendarView, a year of 1,000 series, 1,000 shown', [
    view(folder, '2030-01-01', '2031-01-01', 1000),
  ])
  return [{ ...day, note: `${day.note ?? ''}; filled at ${filled}` }, year, expansion()]
}

/** Occurrences a second of a daily series forty years old over one year, the clock kept over daylight saving. */
function expansion(): Row {
  const zone = zoneNamed('Europe/Berlin')
  if (!zone) throw new Error('this Node knows no Europe/Berlin')
  const [from, to] = [Date.UTC(2030, 0, 1), Date.UTC(2031, 0, 1)]
  const one: Series = {
    recurrence: { pattern: { type: 'Daily', interval: 1 }, range: { type: 'NoEnd', start: '1990-01-01' } },
    start: zone.toInstant(Date.UTC(1990, 0, 1, 9)),
    duration: 3_600_000,
    zone,
  }
  const measured = perSecondOf(seriesInAll, () => occurrencesOf(one, from, to, 1000).length)
  const rule = new RRuleTemporal({ rruleString: 'DTSTART;TZID=Europe/Berlin:19900101T090000\nRRULE:FREQ=DAILY' })
  const baseline = perSecondOf(3, () => rule.between(new Date(from), new Date(to), true).length)
  return {
    what: 'Occurrences of 1,000 daily series over a year',
    measured: rate(measured),
    baseline: `${rate(baseline)} by rrule-temporal`,
    ratio: measured / baseline,
    note: `all in ${Math.round((seriesInAll * 365 * 1000) / measured)} ms`,
  }
}

function perSecondOf(times: number, expand: () => number): number {
  const began = performance.now()
  let count = 0
  for (let at = 0; at < times; at++) count += expand()
  return count / ((performance.now() - began) / 1000)
}

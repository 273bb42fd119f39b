/** [MS-OXWSCDATA] 2.2.3: what of the common types is refused wherever it stands. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { person } from './person.ts'

const weekly = (days: string) =>
  '<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:Subject>w</t:Subject><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End>' +
  `<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>${days}</t:DaysOfWeek></t:WeeklyRecurrence>` +
  '<t:NumberedRecurrence><t:StartDate>2030-01-07</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence></t:CalendarItem></m:Items></m:CreateItem>'
const items =
  '<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id="inbox"/></m:SyncFolderId><m:SyncState>nonsense</m:SyncState><m:MaxChangesReturned>5</m:MaxChangesReturned></m:SyncFolderItems>'
const hierarchy =
  '<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:SyncState>nonsense</m:SyncState></m:SyncFolderHierarchy>'

for (const engine of quickEngines) {
  test(`2.2.3.5 (${engine.name}): MS-OXWSCDATA_R2110: Day is no day of a week`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const days of ['Day', 'Weekday', 'WeekendDay', 'Monday Day'])
      assert.deepEqual(await mary.codes(weekly(days)), ['ErrorCalendarInvalidDayForWeeklyRecurrence'], days)
    assert.deepEqual(await mary.codes(weekly('Monday Friday')), ['NoError'])
  })

  test(`2.2.3.23 (${engine.name}): MS-OXWSCDATA_R518 _R5188: a sync state that is none`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    assert.deepEqual(await mary.codes(items), ['ErrorInvalidSyncStateData'])
    assert.deepEqual(await mary.codes(hierarchy), ['ErrorInvalidSyncStateData'])
  })
}

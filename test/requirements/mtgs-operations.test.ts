import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { answer, arrived, cancel, daily, event, found, latest, meet, named, required, series, updateXml, when } from './meeting-room.ts'
import { at, folderXml, idOf, itemXml, names, person, setXml, text, type Id, type Message, type Person } from './person.ts'

const nobody = { Id: 'AAAA', ChangeKey: '' }
const nth = (id: Id, index: number) => `<t:OccurrenceItemId RecurringMasterId="${id.Id}" InstanceIndex="${index}"/>`
const masterOf = (id: Id) => `<t:RecurringMasterItemId OccurrenceId="${id.Id}"/>`
const transfer = (verb: 'CopyItem' | 'MoveItem', ids: string, to = 'drafts') =>
  `<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${ids}</m:ItemIds></m:${verb}>`
const deletion = (ids: string) =>
  `<m:DeleteItem DeleteType="HardDelete" ${cancel('SendToNone')}><m:ItemIds>${ids}</m:ItemIds></m:DeleteItem>`
const creation = (who: Person, rest: string) => who.createXml(event(rest), { folder: 'calendar', disposition: '' })
const change = (id: Id, subject: string) => updateXml(id, setXml('item:Subject', event(`<t:Subject>${subject}</t:Subject>`)), 'SendToNone')

/** The one message of an answer is as promised: its name, class and code. */
function holds(messages: Message[], operation: string, as: 'Success' | 'Error', code: string): Message {
  const [message, ...more] = messages
  assert.ok(message)
  assert.equal(more.length, 0)
  assert.deepEqual([message.element.name, message.as, message.code], [`${operation}ResponseMessage`, as, code])
  return message
}

for (const engine of quickEngines) {
  test(`single items by their id (${engine.name}): MS-OXWSMTGS_R592 _R602 _R604 _R1188 _R1189 _R1190 _R1191 _R595 _R612 _R1198 _R1199 _R1200 _R1201 _R624 _R619 _R621 _R1207 _R1208 _R1209 _R1210 _R623 _R630 _R632 _R1217 _R1218 _R1219 _R1220 _R634 _R640 _R642 _R1226 _R1227 _R1228 _R1229 _R644 _R650 _R652 _R1235 _R1236 _R1237 _R1238`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = idOf(elementsOf(at(holds(await mary.ask(creation(mary, when)), 'CreateItem', 'Success', 'NoError').element, 'Items')!)[0])
    const backwards = '<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T08:00:00Z</t:End>'
    holds(await mary.ask(creation(mary, backwards)), 'CreateItem', 'Error', 'ErrorCalendarEndDateIsEarlierThanStartDate')
    holds(await mary.ask(mary.getXml(itemXml(made))), 'GetItem', 'Success', 'NoError')
    holds(await mary.ask(change(made, 'changed')), 'UpdateItem', 'Success', 'NoError')
    const copy = holds(
      await mary.ask(transfer('CopyItem', itemXml(await latest(mary, made)), 'calendar')),
      'CopyItem',
      'Success',
      'NoError',
    )
    const copied = idOf(at(copy.element, 'Items/CalendarItem'))
    assert.equal(text(await mary.get(copied), 'Subject'), 'changed')
    const move = holds(await mary.ask(transfer('MoveItem', itemXml(copied), 'deleteditems')), 'MoveItem', 'Success', 'NoError')
    const moved = idOf(at(move.element, 'Items/CalendarItem'))
    holds(await mary.ask(deletion(itemXml(moved))), 'DeleteItem', 'Success', 'NoError')
    // What is gone is not there for any of them.
    holds(await mary.ask(mary.getXml(itemXml(moved))), 'GetItem', 'Error', 'ErrorItemNotFound')
    holds(await mary.ask(change(moved, 'x')), 'UpdateItem', 'Error', 'ErrorItemNotFound')
    holds(await mary.ask(transfer('CopyItem', itemXml(moved))), 'CopyItem', 'Error', 'ErrorItemNotFound')
    holds(await mary.ask(transfer('MoveItem', itemXml(moved))), 'MoveItem', 'Error', 'ErrorItemNotFound')
    holds(await mary.ask(deletion(itemXml(moved))), 'DeleteItem', 'Error', 'ErrorItemNotFound')
    holds(await mary.ask(mary.getXml(itemXml(nobody))), 'GetItem', 'Error', 'ErrorInvalidIdMalformed')
  })

  test(`series by an occurrence's id, occurrences by their number (${engine.name}): MS-OXWSMTGS_R603 _R620 _R631 _R641 _R651 _R806 _R807 _R808`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(named('series', when + series(daily)), { folder: 'calendar' })
    const second = idOf(await mary.get(nth(made, 2)))
    assert.equal(idOf(await mary.get(masterOf(second))).Id, made.Id)
    const copy = holds(await mary.ask(transfer('CopyItem', masterOf(second), 'calendar')), 'CopyItem', 'Success', 'NoError')
    const copied = idOf(at(copy.element, 'Items/CalendarItem'))
    assert.deepEqual(names(at(await mary.get(copied), 'Recurrence')), ['DailyRecurrence', 'NumberedRecurrence'])
    const inCopy = idOf(await mary.get(nth(copied, 1)))
    const move = holds(await mary.ask(transfer('MoveItem', masterOf(inCopy), 'deleteditems')), 'MoveItem', 'Success', 'NoError')
    assert.equal(text(await mary.get(idOf(at(move.element, 'Items/CalendarItem'))), 'CalendarItemType'), 'RecurringMaster')
    const by = (id: string, subject: string) => change(second, subject).replace(/<t:ItemId [^>]*\/>/, () => id)
    holds(await mary.ask(by(nth(made, 3), 'third')), 'UpdateItem', 'Success', 'NoError')
    assert.deepEqual([text(await mary.get(nth(made, 3)), 'Subject'), text(await mary.get(nth(made, 2)), 'Subject')], ['third', 'series'])
    holds(await mary.ask(by(masterOf(second), 'all')), 'UpdateItem', 'Success', 'NoError')
    assert.deepEqual([text(await mary.get(made), 'Subject'), text(await mary.get(nth(made, 2)), 'Subject')], ['all', 'all'])
    holds(await mary.ask(deletion(nth(made, 4))), 'DeleteItem', 'Success', 'NoError')
    assert.deepEqual(await mary.codes(mary.getXml(nth(made, 4))), ['ErrorCalendarOccurrenceIsDeletedFromRecurrence'])
    holds(await mary.ask(deletion(masterOf(second))), 'DeleteItem', 'Success', 'NoError')
    assert.equal(await found(mary, 'calendar', 'all'), undefined)
  })

  test(`meetings are made and unmade by CreateItem (${engine.name}): MS-OXWSMTGS_R488 _R489 _R492 _R4401 _R268 _R750 _R751 _R73 _R270 _R69 _R1174`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const quiet = await meet(mary, 'quiet', required('rob'), 'SendToNone')
    const made = await meet(mary, 'meet', required('rob'))
    const request = await arrived(site, 'rob', 'meet')
    assert.equal(request.name, 'MeetingRequest')
    assert.deepEqual(
      ['IsOutOfDate', 'HasBeenProcessed'].map((name) => text(request, name)),
      ['false', 'true'],
    )
    assert.equal(await found(rob, 'calendar', 'quiet'), undefined, 'no request, no meeting')
    assert.ok(await found(mary, 'calendar', 'quiet'))
    await rob.done(answer(rob, 'AcceptItem', idOf(request)))
    assert.equal((await arrived(site, 'mary', 'Accepted: meet')).name, 'MeetingResponse')
    await mary.done(answer(mary, 'CancelCalendarItem', await latest(mary, made)))
    const cancellation = await arrived(site, 'rob', 'Canceled: meet')
    await rob.done(answer(rob, 'RemoveItem', idOf(cancellation), ''))
    assert.equal(await found(rob, 'calendar', 'Canceled: meet'), undefined)
    assert.equal(await found(rob, 'inbox', 'Canceled: meet'), undefined)
    assert.ok(await found(rob, 'deleteditems', 'Canceled: meet'))
    assert.ok(quiet)
  })

  test(`what a request must not say (${engine.name}): MS-OXWSMTGS_R1206 _R1242 _R1243`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const codes = (rest: string) => mary.codes(creation(mary, when + rest))
    const range = (inside: string) => `<t:Recurrence>${daily}${inside}</t:Recurrence>`
    const endsBefore = '<t:EndDateRecurrence><t:StartDate>2030-03-04</t:StartDate><t:EndDate>2030-03-01</t:EndDate></t:EndDateRecurrence>'
    assert.deepEqual(await codes(range(endsBefore)), ['ErrorCalendarEndDateIsEarlierThanStartDate'])
    const regenerating = `<t:Recurrence><t:DailyRegeneration><t:Interval>1</t:Interval></t:DailyRegeneration><t:NoEndRecurrence><t:StartDate>2030-03-04</t:StartDate></t:NoEndRecurrence></t:Recurrence>`
    assert.deepEqual(await codes(regenerating), ['ErrorCalendarInvalidRecurrence'])
    // A stored series is never in a state that one of the others could meet: each is checked when it is made or changed.
    const made = await mary.create(named('series', when + series(daily)), { folder: 'calendar' })
    const wrong = setXml('calendar:Recurrence', event(regenerating))
    assert.deepEqual(await mary.codes(updateXml(made, wrong, 'SendToNone')), ['ErrorCalendarInvalidRecurrence'])
    const nobodyAtAll = setXml(
      'calendar:RequiredAttendees',
      event('<t:RequiredAttendees><t:Attendee><t:Mailbox><t:Name>no such person</t:Name></t:Mailbox></t:Attendee></t:RequiredAttendees>'),
    )
    assert.deepEqual(await mary.codes(updateXml(await latest(mary, made), nobodyAtAll, 'SendToAllAndSaveCopy')), ['ErrorInvalidRecipients'])
    assert.equal(at(await mary.get(made), 'RequiredAttendees'), undefined, 'nothing was changed')
    const change = (days: string) =>
      `<t:Offset>PT0S</t:Offset><t:RelativeYearlyRecurrence><t:DaysOfWeek>${days}</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex><t:Month>March</t:Month></t:RelativeYearlyRecurrence><t:Time>02:00:00</t:Time>`
    const zone = (days: string) =>
      event(
        `<t:MeetingTimeZone><t:BaseOffset>PT5H</t:BaseOffset><t:Standard>${change(days)}</t:Standard><t:Daylight>${change('Sunday')}</t:Daylight></t:MeetingTimeZone>`,
      )
    for (const days of ['Day', 'Weekday', 'WeekendDay']) {
      const updated = updateXml(await latest(mary, made), setXml('calendar:MeetingTimeZone', zone(days)), 'SendToNone')
      assert.deepEqual(await mary.codes(updated), ['ErrorCalendarInvalidDayForTimeChangePattern'], days)
    }
  })
}

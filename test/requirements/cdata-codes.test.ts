/** [MS-OXWSCDATA] 2.2.5.24: when codes come that no other test asks for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { answer, arrived, cancel, found, meet, required } from './meeting-room.ts'
import { folderXml, idOf, itemXml, person, setXml, text, type Id } from './person.ts'

const contact = (inside: string) => `<t:Contact>${inside}</t:Contact>`
const emails = (key: string, address: string) => `<t:EmailAddresses><t:Entry Key="${key}">${address}</t:Entry></t:EmailAddresses>`
const calendarItem =
  '<t:CalendarItem><t:Subject>c</t:Subject><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End></t:CalendarItem>'
const message = '<t:Message><t:Subject>m</t:Subject></t:Message>'

for (const engine of quickEngines) {
  test(`items belong in folders of their kind and have a class of it (${engine.name}): MS-OXWSCDATA_R262 _R368001 _R619`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const inbox = { folder: 'inbox' }
    assert.deepEqual(await mary.createCodes(contact('<t:DisplayName>x</t:DisplayName>'), inbox), [
      'ErrorCannotCreateContactInNonContactFolder',
    ])
    assert.deepEqual(await mary.createCodes('<t:DistributionList><t:DisplayName>x</t:DisplayName></t:DistributionList>', inbox), [
      'ErrorCannotCreateContactInNonContactFolder',
    ])
    assert.deepEqual(await mary.createCodes('<t:Task><t:Subject>x</t:Subject></t:Task>', inbox), ['ErrorCannotCreateTaskInNonTaskFolder'])
    assert.deepEqual(await mary.createCodes(calendarItem, inbox), ['ErrorCannotCreateCalendarItemInNonCalendarFolder'])
    assert.deepEqual(await mary.createCodes('<t:PostItem><t:Subject>x</t:Subject></t:PostItem>', { folder: 'tasks' }), [
      'ErrorCannotCreatePostItemInNonMailFolder',
    ])
    const ofClass = (itemClass: string) => `<t:ItemClass>${itemClass}</t:ItemClass>`
    assert.deepEqual(await mary.createCodes(contact(ofClass('IPM.Note')), { folder: 'contacts' }), ['ErrorObjectTypeChanged'])
    assert.deepEqual(await mary.createCodes(`<t:Message>${ofClass('IPM.Task')}</t:Message>`), ['ErrorObjectTypeChanged'])
    assert.deepEqual(await mary.createCodes(contact(ofClass('IPM.Contact.Mine')), { folder: 'contacts' }), ['NoError'])
  })

  test(`addresses of contacts, and their places (${engine.name}): MS-OXWSCDATA_R367 _R368 _R368002`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const home = { folder: 'contacts' }
    for (const address of ['one@x.example&#10;Bcc: two@x.example', 'x'.repeat(1001)])
      assert.deepEqual(await mary.createCodes(contact(emails('EmailAddress1', address)), home), ['ErrorInvalidContactEmailAddress'])
    const made = await mary.create(contact(emails('EmailAddress1', 'one@x.example')), home)
    const path = (index: string) => `<t:IndexedFieldURI FieldURI="contacts:EmailAddress" FieldIndex="${index}"/>`
    const set = (index: string, address: string) => mary.updateCodes(made, setXml(path(index), contact(emails('EmailAddress1', address))))
    assert.deepEqual(await set('EmailAddress4', 'two@x.example'), ['ErrorInvalidContactEmailIndex'])
    assert.deepEqual(await set('EmailAddress1', 'a&#9;b'), ['ErrorInvalidContactEmailAddress'])
    assert.deepEqual(await mary.codes(mary.getXml(itemXml(made), { fields: [path('0')] })), ['ErrorInvalidContactEmailIndex'])
    assert.deepEqual(await set('EmailAddress1', 'two@x.example'), ['NoError'])
    assert.equal(text(await mary.get(`<t:ItemId Id="${made.Id}"/>`), 'EmailAddresses/Entry'), 'two@x.example')
  })

  test(`who organizes a meeting does not answer it, and nobody answers one that was cancelled (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const meeting = await meet(mary, 'Talk', required('rob'))
    const kinds = { AcceptItem: 'Accept', DeclineItem: 'Decline', TentativelyAcceptItem: 'Tentative' }
    for (const [element, kind] of Object.entries(kinds))
      assert.deepEqual(await mary.codes(answer(mary, element, meeting)), [`ErrorCalendarIsOrganizerFor${kind}`], element)
    await arrived(site, 'rob', 'Talk')
    assert.deepEqual(await mary.remove(itemXml(meeting), 'MoveToDeletedItems', cancel('SendToAllAndSaveCopy')), ['NoError'])
    const isCancelled = async () => {
      const item = await found(rob, 'calendar', 'Canceled: Talk')
      return item && text(await rob.get(idOf(item)), 'IsCancelled') === 'true' ? idOf(item) : undefined
    }
    if (!(await isCancelled())) await until(site, 'rob', async () => (await isCancelled()) !== undefined)
    const his = (await isCancelled()) as Id
    for (const [element, kind] of Object.entries(kinds))
      assert.deepEqual(await rob.codes(answer(rob, element, his)), [`ErrorCalendarIsCancelledFor${kind}`], element)
  })

  test(`a folder that is to be synchronised and is gone (${engine.name}): ErrorSyncFolderNotFound`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const gone = await mary.makeFolder('<t:Folder><t:DisplayName>Gone</t:DisplayName></t:Folder>')
    await mary.codes(`<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderXml(gone)}</m:FolderIds></m:DeleteFolder>`)
    const shape = (of: string) => `<m:${of}Shape><t:BaseShape>IdOnly</t:BaseShape></m:${of}Shape>`
    const at = `<m:SyncFolderId>${folderXml(gone)}</m:SyncFolderId>`
    const items = `<m:SyncFolderItems>${shape('Item')}${at}<m:MaxChangesReturned>5</m:MaxChangesReturned></m:SyncFolderItems>`
    const hierarchy = `<m:SyncFolderHierarchy>${shape('Folder')}${at}</m:SyncFolderHierarchy>`
    for (const operation of [items, hierarchy]) assert.deepEqual(await mary.codes(operation), ['ErrorSyncFolderNotFound'])
  })
}

test('what is asked of items that cannot do it', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const [mail, event] = [await mary.create(message), await mary.create(calendarItem)]
  const answerTo = (element: string, id: Id) => mary.codes(answer(mary, element, id))
  assert.deepEqual(await answerTo('CancelCalendarItem', event), ['ErrorInvalidItemForOperationCancelItem'])
  assert.deepEqual(await answerTo('AcceptItem', event), ['ErrorInvalidItemForOperationAcceptItem'])
  assert.deepEqual(await answerTo('RemoveItem', mail), ['ErrorInvalidItemForOperationRemoveItem'])
  const expand = `<m:ExpandDL><m:Mailbox><t:ItemId Id="${mail.Id}"/></m:Mailbox></m:ExpandDL>`
  assert.deepEqual(await mary.codes(expand), ['ErrorInvalidItemForOperationExpandDL'])
  const resolve = (entry: string) =>
    `<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`
  assert.deepEqual(await mary.codes(resolve('smtp:')), ['ErrorInvalidNameForNameResolution'])
  assert.deepEqual(await mary.codes(resolve('zzz')), ['ErrorNameResolutionNoResults'])
  const convert = `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="EwsLegacyId" Id="${mail.Id}" Mailbox="mary@contoso.com"/></m:SourceIds></m:ConvertId>`
  assert.deepEqual(await mary.codes(convert), ['ErrorInvalidIdMalformedEwsLegacyIdFormat'])
})

test('free/busy needs to know what is asked, and of not too many', async () => {
  await using site = await startTestSite()
  const zone =
    '<t:TimeZone><t:Bias>0</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime><t:DaylightTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone>'
  const people = (count: number) =>
    Array.from(
      { length: count },
      () =>
        '<t:MailboxData><t:Email><t:Address>rob@contoso.com</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>',
    ).join('')
  const view =
    '<t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2030-01-07T00:00:00</t:StartTime><t:EndTime>2030-01-08T00:00:00</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>60</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>MergedOnly</t:RequestedView></t:FreeBusyViewOptions>'
  const ask = async (count: number, options = view) =>
    (
      await site.ews(
        `<m:GetUserAvailabilityRequest>${zone}<m:MailboxDataArray>${people(count)}</m:MailboxDataArray>${options}</m:GetUserAvailabilityRequest>`,
      )
    ).body
  assert.match(await ask(1, ''), /ErrorInvalidFreeBusyViewType/)
  assert.match(await ask(2000), /ErrorMailboxDataArrayTooBig/)
  assert.match(await ask(1), /NoError/)
})

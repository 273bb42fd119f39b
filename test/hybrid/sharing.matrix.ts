import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { answersValid } from '../support/answers-valid.ts'
import { quickEngines } from '../support/engines.ts'
import { all, at, idOf, setXml, text } from '../requirements/person.ts'
import {
  acceptCode,
  folderOfMary,
  entries,
  invitationXml,
  refreshed,
  sealedFor,
  setPolicy,
  speaker,
  startSharing,
  zoe as zoeAddress,
} from './sharing-parts.ts'

const meeting = (subject: string, hours: number, more = '') =>
  `<t:CalendarItem><t:Subject>${subject}</t:Subject>${more.startsWith('<t:Sensitivity') ? more : ''}<t:Body BodyType="Text">secret notes</t:Body>` +
  `<t:ReminderIsSet>true</t:ReminderIsSet><t:Start>2030-01-07T${String(hours).padStart(2, '0')}:00:00Z</t:Start>` +
  `<t:End>2030-01-07T${String(hours + 1).padStart(2, '0')}:00:00Z</t:End><t:Location>Room 7</t:Location>` +
  `${more.startsWith('<t:Recurrence') ? more : ''}</t:CalendarItem>`
const daily =
  '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence>' +
  '<t:StartDate>2030-01-07Z</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>'
const inCalendar = { folder: 'calendar' }

for (const engine of quickEngines) {
  describe(`folders shared across organisations (${engine.name})`, () => {
    test('[MS-OXWSMSHR] 3.1.4.1, 3.1.4.2 and 3.1.4.3: mary’s calendar in zoe’s mailbox, from the invitation to the last change', async () => {
      await using sites = await startSharing(engine)
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const zoe = speaker(sites.online, zoeAddress)
      const budget = await mary.create(meeting('Budget', 9), inCalendar)
      const standup = await mary.create(meeting('Standup', 7, daily), inCalendar)
      await mary.create(meeting('Dentist', 12, '<t:Sensitivity>Private</t:Sensitivity>'), inCalendar)
      const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')

      const sealed = await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress])
      assert.equal(sealed.length, 1)
      assert.ok(!sealed[0]?.includes('mary') && !sealed[0]?.includes(calendar.Id), 'nobody on the way reads it')
      assert.equal(await acceptCode(zoe, invitationXml(sealed)), 'NoError')

      const copy = await folderOfMary(zoe)
      const folder = await zoe.getFolder(copy)
      assert.equal(folder.name, 'CalendarFolder')
      assert.equal(text(folder, 'DisplayName'), 'Calendar (Mary Jensen)')
      assert.deepEqual(await entries(zoe, copy), [])
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T07:00 Standup Room 7', '01-07T09:00 Budget Room 7'])
      const [series] = await zoe.find(copy, { fields: ['calendar:CalendarItemType', 'item:ReminderIsSet'] })
      assert.equal(text(series, 'ReminderIsSet'), 'false', 'what mary is reminded of reminds nobody else')
      const types = (await zoe.find(copy, { fields: ['calendar:CalendarItemType'] })).map((one) => text(one, 'CalendarItemType'))
      assert.deepEqual(types.sort(), ['RecurringMaster', 'Single'])

      // Again with nothing new: nothing is copied twice.
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.equal((await entries(zoe, copy)).length, 2)

      await mary.update(budget, setXml('item:Subject', '<t:CalendarItem><t:Subject>Budget 2031</t:Subject></t:CalendarItem>'))
      await mary.create(meeting('Lunch', 13), inCalendar)
      await mary.remove(`<t:ItemId Id="${standup.Id}"/>`, 'HardDelete', 'SendMeetingCancellations="SendToNone"')
      await zoe.create(meeting('My own', 18), { folder: `<t:FolderId Id="${copy.Id}"/>` })
      assert.equal(await refreshed(zoe, copy), 'NoError')
      const after = ['01-07T09:00 Budget 2031 Room 7', '01-07T13:00 Lunch Room 7', '01-07T18:00 My own Room 7']
      assert.deepEqual(await entries(zoe, copy), after)

      // The folder by its id on the other side, and made again after it was deleted.
      const byId = `<m:SharedFolderId>${calendar.Id}</m:SharedFolderId>`
      assert.equal((await folderOfMary(zoe, byId)).Id, copy.Id)
      const gone = `<m:DeleteFolder DeleteType="MoveToDeletedItems"><m:FolderIds><t:FolderId Id="${copy.Id}"/></m:FolderIds></m:DeleteFolder>`
      assert.deepEqual(await zoe.codes(gone), ['NoError'])
      const fresh = await folderOfMary(zoe)
      assert.notEqual(fresh.Id, copy.Id)
      assert.equal(await refreshed(zoe, fresh), 'NoError')
      assert.deepEqual(await entries(zoe, fresh), after.slice(0, 2))
    })

    test('[MS-OXWSMSHR] 3.1.4.3: the sharing policy says how much is seen; the owner takes the folder back', async () => {
      const answers = answersValid()
      await using sites = await startSharing(engine, 'CalendarSharingFreeBusySimple')
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const zoe = speaker(sites.online, zoeAddress)
      await mary.create(meeting('Budget', 9), inCalendar)
      await mary.create(meeting('Dentist', 12, '<t:Sensitivity>Private</t:Sensitivity>'), inCalendar)
      const standup = await mary.create(meeting('Standup', 7, daily), inCalendar)
      const second = `<t:OccurrenceItemId RecurringMasterId="${standup.Id}" InstanceIndex="2"/>`
      const moved = '<t:CalendarItem><t:Subject>Sack Bob</t:Subject></t:CalendarItem>'
      const change = `<t:ItemChange>${second}<t:Updates>${setXml('item:Subject', moved)}</t:Updates></t:ItemChange>`
      const occurrence = `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges>${change}</m:ItemChanges></m:UpdateItem>`
      assert.deepEqual(await mary.codes(occurrence), ['NoError'])
      const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
      assert.equal(await acceptCode(zoe, invitationXml(await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress]))), 'NoError')
      const copy = await folderOfMary(zoe)
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T07:00 Busy', '01-07T09:00 Busy', '01-07T12:00 Busy'])
      for (const one of await zoe.find(copy)) {
        const whole = await zoe.get(idOf(one), { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
        const told = `${whole.inner()} ${Buffer.from(text(whole, 'MimeContent') ?? '', 'base64').toString()}`
        for (const secret of ['secret notes', 'Dentist', 'Room 7', 'Budget', 'Standup', 'Sack Bob'])
          assert.ok(!told.includes(secret), secret)
      }
      const view = '<m:CalendarView StartDate="2030-01-08T00:00:00Z" EndDate="2030-01-09T00:00:00Z"/>'
      assert.equal((await zoe.find(copy, { view })).length, 1, 'an occurrence that was changed stands once')

      // Who is named in the permissions, and taken out of them.
      const permissions = at(await mary.getFolder('calendar', { fields: ['folder:PermissionSet'] }), 'PermissionSet/CalendarPermissions')
      const entry = all(permissions, 'CalendarPermission').find((one) => text(one, 'UserId/ExternalUserIdentity') === zoeAddress)
      assert.equal(text(entry, 'CalendarPermissionLevel'), 'FreeBusyTimeOnly')
      // Whatever the owner writes into the entry, the policy bounds what is seen.
      const grants = (list: (typeof permissions)[]) =>
        list.map((one) => `<t:CalendarPermission>${one?.inner()}</t:CalendarPermission>`).join('')
      const asReviewer = `<t:CalendarPermission><t:UserId>${at(entry, 'UserId')?.inner()}</t:UserId><t:CalendarPermissionLevel>Editor</t:CalendarPermissionLevel></t:CalendarPermission>`
      const setTo = (list: string) =>
        mary.codes(
          mary.updateFolderXml(
            'calendar',
            setXml(
              'folder:PermissionSet',
              `<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions>${list}</t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>`,
            ),
          ),
        )
      const others = all(permissions, 'CalendarPermission').filter((one) => one !== entry)
      assert.deepEqual(await setTo(grants(others) + asReviewer), ['NoError'])
      await mary.create(meeting('Secret plan', 15), inCalendar)
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T07:00 Busy', '01-07T09:00 Busy', '01-07T12:00 Busy', '01-07T15:00 Busy'])
      await setPolicy(sites, 'ContactsSharing')
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed', 'calendars are shared no longer')
      await setPolicy(sites, 'CalendarSharingFreeBusySimple')
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await setTo(grants(others)), ['NoError'])
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed')

      // A new invitation by another policy shows subjects and places.
      await setPolicy(sites, 'CalendarSharingFreeBusyDetail')
      assert.equal(await acceptCode(zoe, invitationXml(await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress]))), 'NoError')
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), [
        '01-07T07:00 Standup Room 7',
        '01-07T09:00 Budget Room 7',
        '01-07T12:00 Busy',
        '01-07T15:00 Secret plan Room 7',
      ])
      answers.settle()
    })

    test('[MS-OXWSMSHR] 3.1.4.2 and 3.1.4.3: contacts are shared too', async () => {
      await using sites = await startSharing(engine)
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const zoe = speaker(sites.online, zoeAddress)
      await mary.create('<t:Contact><t:GivenName>Ada</t:GivenName><t:Surname>Byron</t:Surname></t:Contact>', { folder: 'contacts' })
      const contacts = idOf(await mary.getFolder('contacts'), 'FolderId')
      const sealed = await sealedFor(mary, contacts, 'mary@contoso.com', [zoeAddress])
      assert.equal(await acceptCode(zoe, invitationXml(sealed, { data: 'contacts', title: 'Contacts' })), 'NoError')
      const copy = await folderOfMary(zoe, '<m:DataType>Contacts</m:DataType>')
      assert.equal(await refreshed(zoe, copy), 'NoError')
      const found = await zoe.find(copy, { fields: ['contacts:GivenName', 'contacts:Surname'] })
      assert.deepEqual(
        found.map((one) => `${text(one, 'GivenName')} ${text(one, 'Surname')}`),
        ['Ada Byron'],
      )
    })
  })
}

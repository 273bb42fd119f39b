/** Steps with meetings: Evolution invites and answers, and asks who is free. */
import assert from 'node:assert/strict'
import { until } from '../../clients/until.ts'
import { all, idOf, text } from '../../requirements/person.ts'
import { itemCalled, type World } from './world.ts'

const meeting = [
  'BEGIN:VEVENT',
  'UID:launch',
  'SUMMARY:Launch',
  'DTSTART:20300911T090000Z',
  'DTEND:20300911T100000Z',
  'TRANSP:OPAQUE',
  'ORGANIZER;CN=Mary Jensen:mailto:mary@contoso.com',
  'ATTENDEE;CN=Mary Jensen;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:mary@contoso.com',
  'ATTENDEE;CN=Rob Young;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:rob@contoso.com',
  'END:VEVENT',
  '',
].join('\r\n')

/** Inviting, being answered, being invited, answering, free/busy. */
export async function meetingSteps({ desk, mary, rob, step }: World): Promise<void> {
  await step('invites, and is told the answer', async () => {
    await desk.ask('calendar_create', { folder: 'Calendar', called: 'Launch', component: meeting })
    const invitation = await itemCalled(rob, 'inbox', 'Launch')
    assert.equal(text(invitation, 'ItemClass'), 'IPM.Schedule.Meeting.Request')
    const { Id, ChangeKey } = idOf(invitation)
    await rob.done(
      `<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:AcceptItem><t:ReferenceItemId Id="${Id}" ChangeKey="${ChangeKey}"/></t:AcceptItem></m:Items></m:CreateItem>`,
    )
    const shown = await until('the answer in the calendar', async () => {
      const [found = ''] = await desk.ask<string[]>('calendar_texts', { folder: 'Calendar', called: 'Launch' })
      return /ATTENDEE[^:]*PARTSTAT=ACCEPTED[^:]*:mailto:rob@contoso\.com/i.test(found.replaceAll('\r\n ', '')) ? found : undefined
    })
    assert.match(shown.replaceAll('\r\n ', ''), /ORGANIZER[^:]*:mailto:mary@contoso\.com/i)
  })

  await step('moves the meeting and cancels it', async () => {
    await desk.ask('calendar_modify', {
      folder: 'Calendar',
      called: 'Launch',
      changes: ['DTSTART:20300911T130000Z', 'DTEND:20300911T140000Z'],
    })
    await until('the update for Rob', async () => text(await itemCalled(rob, 'calendar', 'Launch'), 'Start') === '2030-09-11T13:00:00Z')
    assert.deepEqual(await desk.ask('calendar_remove', { folder: 'Calendar', called: 'Launch' }), [])
    const cancelled = await until('the cancellation for Rob', async () => {
      const found = await rob.find('inbox', { fields: ['item:ItemClass', 'item:Subject'] })
      return found.find((item) => text(item, 'ItemClass') === 'IPM.Schedule.Meeting.Canceled')
    })
    assert.match(text(cancelled, 'Subject') ?? '', /Launch/)
  })

  for (const [status, subject, response] of [
    ['ACCEPTED', 'Race', 'Accept'],
    ['TENTATIVE', 'Picnic', 'Tentative'],
    ['DECLINED', 'Audit', 'Decline'],
  ] as const)
    await step(`is invited and answers: ${response}`, async () => {
      const id = await rob.create(
        `<t:CalendarItem><t:Subject>${subject}</t:Subject><t:Start>2030-09-12T09:00:00Z</t:Start><t:End>2030-09-12T10:00:00Z</t:End>` +
          '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees></t:CalendarItem>',
        { invitations: 'SendToAllAndSaveCopy', disposition: '' },
      )
      await itemCalled(mary, 'inbox', subject)
      await desk.ask('calendar_answer', { called: subject, status })
      await until('the answer for Rob', async () => {
        const [attendee] = all(await rob.get(id), 'RequiredAttendees/Attendee')
        return text(attendee, 'ResponseType') === response
      })
      if (status === 'DECLINED') assert.equal(await desk.ask('calendar_gone', { folder: 'Calendar', called: subject }), true)
      else assert.equal(text(await itemCalled(mary, 'calendar', subject), 'MyResponseType'), response)
    })

  await step('asks who is free', async () => {
    const span = { start: '2030-09-12T08:00:00Z', end: '2030-09-12T12:00:00Z' }
    const busy = await desk.ask<string[]>('calendar_busy', { ...span, people: ['rob@contoso.com'] })
    assert.match(busy.join(''), /FREEBUSY;[^:]*FBTYPE=BUSY[^:]*:20300912T090000Z\/(20300912T100000Z|PT1H)/)
  })
}

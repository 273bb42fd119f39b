/** Meetings made and cancelled while the server is killed, and what must be so of them in the end. */
import assert from 'node:assert/strict'
import { idsOf, succeeded, type RawEws } from '../clients/raw-ews.ts'
import { until } from '../clients/until.ts'
import type { Dice } from '../fuzz/mutate.ts'
import { counts, subjectsIn } from './subjects.ts'

/** What the organiser was told. */
export interface MeetingLedger {
  made: Set<string>
  cancelled: Set<string>
  next: number
}

const createMeeting = (subject: string) =>
  `<m:CreateItem SendMeetingInvitations="SendToAllAndSaveCopy"><m:Items><t:CalendarItem><t:Subject>${subject}</t:Subject>` +
  '<t:Start>2031-03-03T09:00:00Z</t:Start><t:End>2031-03-03T10:00:00Z</t:End><t:Location>Room 1</t:Location>' +
  '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>' +
  '</t:CalendarItem></m:Items></m:CreateItem>'
const cancelMeeting = (id: string) =>
  `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToAllAndSaveCopy"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`

/** Invites Ann to meetings and cancels some, until the connection breaks. */
export async function meetingLoad(ews: RawEws, random: Dice, ledger: MeetingLedger): Promise<void> {
  for (;;) {
    const subject = `meeting-${ledger.next++}`
    const [id] = idsOf(succeeded(await ews.call(createMeeting(subject))))
    assert.ok(id)
    if (random.below(3) > 0) {
      ledger.made.add(subject)
      continue
    }
    succeeded(await ews.call(cancelMeeting(id)))
    ledger.cancelled.add(subject)
  }
}

/** Whatever stands in the organiser's calendar stands in the attendee's, once, and was asked for once; what was cancelled is so for both. */
export async function meetingsAgree(mary: RawEws, ann: RawEws, { made, cancelled }: MeetingLedger): Promise<void> {
  const meetings = (subjects: string[]) => counts(subjects.filter((subject) => /^(Canceled: )?meeting-\d+$/.test(subject)))
  const own = meetings(await subjectsIn(mary, 'calendar'))
  assert.deepEqual([...made].filter((subject) => !own.has(subject)), [], 'meetings lost') // prettier-ignore
  assert.deepEqual([...cancelled].filter((subject) => own.has(subject)), [], 'cancelled meetings back') // prettier-ignore
  let theirs = new Map<string, number>()
  let mail = new Map<string, number>()
  const wanted = [...own.keys(), ...[...cancelled].map((subject) => `Canceled: ${subject}`)]
  const missing = () => wanted.filter((subject) => !theirs.has(subject) || !mail.has(subject))
  await until(
    'the attendee knows every meeting',
    async () => {
      theirs = meetings(await subjectsIn(ann, 'calendar'))
      mail = meetings(await subjectsIn(ann, 'inbox'))
      return missing().length === 0
    },
    60,
  ).catch((error: unknown) => assert.fail(`the attendee misses ${missing().slice(0, 20).join(', ')} (${String(error)})`))
  const twice = [...own, ...theirs, ...mail].filter(([, count]) => count > 1)
  assert.deepEqual(twice, [], 'meetings twice')
}

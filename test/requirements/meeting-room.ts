/** What the tests of meetings share: the XML of meetings, and people who wait for them. */
import type { XmlElement } from '#wire'
import { until } from '../support/ews-client.ts'
import type { TestSite } from '../support/site.ts'
import { idOf, person, text, type Id, type Person } from './person.ts'

export const when = '<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>'
export const event = (inside: string) => `<t:CalendarItem>${inside}</t:CalendarItem>`
export const attendee = (who: string) =>
  `<t:Attendee><t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee>`
export const required = (...people: string[]) => `<t:RequiredAttendees>${people.map(attendee).join('')}</t:RequiredAttendees>`
export const optional = (...people: string[]) => `<t:OptionalAttendees>${people.map(attendee).join('')}</t:OptionalAttendees>`
export const named = (subject: string, rest = when) => event(`<t:Subject>${subject}</t:Subject>${rest}`)
export const numbered =
  '<t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>4</t:NumberOfOccurrences></t:NumberedRecurrence>'
export const series = (pattern: string, range = numbered) => `<t:Recurrence>${pattern}${range}</t:Recurrence>`
export const daily = '<t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>'
export const cancel = (how: string) => `SendMeetingCancellations="${how}"`
export const found = async (who: Person, folder: string, subject: string) =>
  (await who.find(folder, { shape: 'Default' })).find((item) => text(item, 'Subject') === subject)
/** A person's item with this subject, once it is there. */
export async function arrived(site: TestSite, alias: string, subject: string, folder = 'inbox'): Promise<XmlElement> {
  const who = person(site, alias)
  let item = await found(who, folder, subject)
  if (!item) await until(site, alias, async () => (item = await found(who, folder, subject)) !== undefined)
  return who.get(idOf(item))
}
export const meet = (who: Person, subject: string, rest: string, invitations = 'SendToAllAndSaveCopy') =>
  who.create(named(subject, when + rest), { folder: 'calendar', disposition: '', invitations })
export const updateXml = (id: Id, updates: string, how: string) =>
  `<m:UpdateItem ConflictResolution="AlwaysOverwrite" ${how && `SendMeetingInvitationsOrCancellations="${how}"`}><m:ItemChanges><t:ItemChange><t:ItemId Id="${id.Id}"/><t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`
export const answer = (who: Person, element: string, to: Id, disposition: 'SendAndSaveCopy' | 'SaveOnly' | '' = 'SendAndSaveCopy') =>
  who.createXml(`<t:${element}><t:ReferenceItemId Id="${to.Id}" ChangeKey="${to.ChangeKey}"/></t:${element}>`, {
    disposition,
    invitations: '',
  })

export const latest = async (who: Person, { Id }: Id): Promise<Id> => idOf(await who.get(`<t:ItemId Id="${Id}"/>`, { shape: 'IdOnly' }))

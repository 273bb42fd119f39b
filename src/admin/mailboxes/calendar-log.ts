import { itemEntryId, type CalendarRecord } from '#mailbox'
import { Refusal, type EmailAddress, type Instant } from '#model'
import { nameOf } from '../recipients/find.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, type MailboxNeeds } from './mailbox-for.ts'

const usual = 100
const most = 1000

/** What was changed in calendars: the newer name and the older one. */
export function calendarLogCmdlets({ mailboxes }: Pick<MailboxNeeds, 'mailboxes'>): Cmdlet[] {
  const named = (name: string) =>
    cmdlet(name, {
      summary: 'Shows what calendar items were before each change: what was changed, when, by whom, and with which client.',
      roles: ['Audit Logs', 'View-Only Audit Logs', 'Mail Recipients', 'MyBaseOptions'],
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'The mailbox; without it one’s own.' }),
        Subject: take.optional(take.string(), { summary: 'Words of the subject that the items had.' }),
        MeetingID: take.optional(take.string(), { summary: 'The meeting by its UID, or by its CleanGlobalObjectId.' }),
        ExactMatch: take.optional(take.boolean(), { summary: 'The whole subject is given by -Subject.' }),
        StartDate: take.optional(take.instant(), { summary: 'Changes from then on.' }),
        EndDate: take.optional(take.instant(), { summary: 'Changes until then.' }),
        ResultSize: take.optional(take.count(), { fallback: usual, summary: `At most ${most}: the newest.` }),
      },
      returns: 'CalendarDiagnosticObject',
      examples: [
        {
          command: `${name} mary -Subject Plan -StartDate (Get-Date).AddDays(-30)`,
          says: 'Shows what was done in the last month with appointments of Mary’s whose subject has the word in it.',
        },
      ],
      async run({ Identity, Subject, MeetingID, ExactMatch = false, StartDate, EndDate, ResultSize = usual }, context) {
        if ((Subject === undefined) === (MeetingID === undefined)) {
          throw new Refusal('InvalidParameter', `${name} needs -Subject or -MeetingID, and not both.`, { parameter: 'Subject' })
        }
        if (ResultSize > most) throw new Refusal('InvalidParameter', `-ResultSize is at most ${most}.`, { parameter: 'ResultSize' })
        const { recipient, mailbox, caller } = await mailboxFor(context, Identity, 'see')
        const found = await mailboxes.calendarLog(caller, {
          ...{ mailbox, limit: ResultSize },
          of: MeetingID === undefined ? { subject: Subject ?? '', exact: ExactMatch } : { uid: MeetingID.trim() },
          ...(StartDate === undefined ? {} : { start: StartDate }),
          ...(EndDate === undefined ? {} : { end: EndDate }),
        })
        return found.map((record) => shown(record, mailbox, nameOf(recipient)))
      },
    })
  return [named('Get-CalendarDiagnosticObjects'), named('Get-CalendarDiagnosticLog')]
}

const moment = (value: unknown) => (typeof value === 'number' ? new Date(value as Instant) : null)
const addressesOf = (people: unknown) =>
  Array.isArray(people) ? people.map(({ mailbox }: { mailbox?: EmailAddress }) => mailbox?.address ?? mailbox?.name ?? '') : []

/** An entry, by Exchange's names where it has any. */
function shown({ before, ...record }: CalendarRecord, mailbox: string, owner: string) {
  const organizer = before.organizer as EmailAddress | undefined
  return {
    Identity: `${mailbox}:${record.id}`,
    Mailbox: owner,
    LogTimestamp: new Date(record.at),
    CalendarLogTriggerAction: record.deed,
    ResponsibleUserName: record.who.name || record.who.address,
    ResponsibleUserAddress: record.who.address,
    OnBehalfOf: record.as ?? '',
    ClientInfoString: record.client ?? '',
    ClientIPAddress: record.remoteAddress ?? '',
    ChangedProperties: [...record.changed],
    ParentDisplayName: record.folder,
    ToFolder: record.to ?? '',
    SubjectProperty: String(before.subject ?? ''),
    ItemClass: String(before.itemClass ?? ''),
    StartTime: moment(before.start),
    EndTime: moment(before.end),
    AllDayEvent: before.isAllDayEvent === true,
    Location: String(before.location ?? ''),
    FreeBusyStatus: String(before.legacyFreeBusyStatus ?? ''),
    ResponseType: String(before.myResponseType ?? ''),
    AppointmentSequenceNumber: Number(before.appointmentSequenceNumber ?? 0),
    AppointmentRecurring: before.recurrence !== undefined,
    IsCancelled: before.isCancelled === true,
    Organizer: organizer?.address ?? '',
    RequiredAttendees: addressesOf(before.requiredAttendees),
    OptionalAttendees: addressesOf(before.optionalAttendees),
    Properties: JSON.stringify(before),
    CleanGlobalObjectId: record.uid,
    ItemKey: record.key,
    EntryID: itemEntryId(mailbox, record.item),
  }
}

import type { Tree } from '#model'
import { readXml, treeOf, writeTree } from '#wire'
import { attribute, bool, choice, date, double, duration, guid, int, oneOf, optional, string, time, type Codec } from '../kernel/index.ts'
import { t, typesUri } from './namespaces.ts'
import { patterns } from './recurrence.ts'

/** [MS-OXWSPERS] 2.2.4 PersonaPostalAddressType. */
export const PersonaPostalAddress = t.record({
  Street: optional(string),
  City: optional(string),
  State: optional(string),
  Country: optional(string),
  PostalCode: optional(string),
  PostOfficeBox: optional(string),
  Type: optional(string),
  Latitude: optional(double),
  Longitude: optional(double),
  Accuracy: optional(double),
  Altitude: optional(double),
  AltitudeAccuracy: optional(double),
  FormattedAddress: optional(string),
  LocationUri: optional(string),
  LocationSource: optional(oneOf('None', 'LocationServices', 'PhonebookServices', 'Device', 'Contact', 'Resource')),
})

/**
 * A value kept as a tree, of a type that is known: what the type does not have is refused (SchemaValidation), what is left comes back in the
 * type's own order. Unlike `treeIn` alone, which keeps whatever stood there.
 */
function treeOfType<T>(of: Codec<T>): Codec<Tree> {
  return {
    shape: { is: 'own', name: 'tree' },
    read: (element, context) => {
      // None of these types has an instant in it: there is no zone to print it in.
      const xml = of.write(`t:${element.name}`, of.read(element, context), { dateTime: (instant) => new Date(instant).toISOString() })
      return treeOf(readXml(xml.replace(/^<[^\s/>]+/, `$& xmlns:t="${typesUri}"`)))
    },
    write: (tag, value) => writeTree(value, 't', tag),
  }
}

const TimeChange = t.record({
  TimeZoneName: optional(attribute(string)),
  Offset: duration,
  Pattern: optional(choice({ RelativeYearlyRecurrence: patterns.RelativeYearlyRecurrence, AbsoluteDate: date })),
  Time: time,
})

/** The types of the calendar's values that are kept as trees ([MS-OXWSMTGS] 2.2.4.12, 2.2.4.13, 2.2.4.23, 2.2.4.29), by property. */
export const calendarTrees: Readonly<Record<string, Codec<Tree>>> = {
  // MS-OXWSMTGS_R540
  enhancedLocation: treeOfType(
    t.record({ DisplayName: optional(string), Annotation: optional(string), PostalAddress: optional(PersonaPostalAddress) }),
  ),
  // MS-OXWSMTGS_R80012, R80026, R80031, R80038
  onlineMeetingSettings: treeOfType(
    t.record({
      LobbyBypass: oneOf('Disabled', 'EnabledForGatewayParticipants'),
      AccessLevel: oneOf('Locked', 'Invited', 'Internal', 'Everyone'),
      Presenters: oneOf('Disabled', 'Internal', 'Everyone'),
    }),
  ),
  // MS-OXWSMTGS_R1345, R1349, R1361, R1362
  inboxReminders: treeOfType(
    t.list(
      'InboxReminder',
      t.record({
        Id: optional(guid),
        ReminderOffset: optional(int),
        Message: optional(string),
        IsOrganizerReminder: optional(bool),
        OccurrenceChange: optional(oneOf('None', 'Added', 'Override', 'Deleted')),
        IsImportedFromOLC: optional(bool),
        SendOption: optional(oneOf('NotSet', 'User', 'AllAttendees', 'Staff', 'Customer')),
      }),
    ),
  ),
  meetingTimeZone: treeOfType(
    t.record({
      TimeZoneName: optional(attribute(string)),
      BaseOffset: optional(duration),
      Standard: optional(TimeChange),
      Daylight: optional(TimeChange),
    }),
  ),
}

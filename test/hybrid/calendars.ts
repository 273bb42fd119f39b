/** Calendars that the other premises asks about, and who may see what of them. */
import { permissionLevels, type Properties } from '#model'
import type { HybridSites } from '../support/hybrid-sites.ts'
import { personOf } from './ask.ts'

/** Midnight of a Monday. */
export const monday = Date.UTC(2030, 0, 7)
export const hour = 3_600_000
export const day = 24 * hour
export const at = (hours: number, days = 0) => monday + days * day + hours * hour

const appointments: Properties[] = [
  { subject: 'Budget', location: 'Room 7', start: at(9), end: at(10), legacyFreeBusyStatus: 'Busy' },
  { subject: 'Perhaps', start: at(10.5), end: at(11), legacyFreeBusyStatus: 'Tentative' },
  { subject: 'Dentist', location: 'Main Street', start: at(12), end: at(13), legacyFreeBusyStatus: 'OOF', sensitivity: 'Private' },
  { subject: 'Birthday', start: at(14), end: at(15), legacyFreeBusyStatus: 'Free' },
  { subject: 'Far away', start: at(9, 50), end: at(10, 50), legacyFreeBusyStatus: 'Busy' },
]

/** Fills somebody's calendar; Monday and Tuesday are working days, in Berlin. */
export async function fillCalendar(sites: HybridSites, alias: string): Promise<void> {
  const { site, recipient, caller } = await personOf(sites, alias)
  const calendar = { mailbox: recipient.mailbox, kind: 'calendar' }
  for (const properties of appointments) await site.mailboxes.createItem(caller, calendar, { kind: 'calendar', properties })
  const workingHours = { timeZone: 'Europe/Berlin', periods: [{ days: ['Monday', 'Tuesday'], start: 540, end: 1020 }] }
  await site.mailboxes.saveSettings(caller, recipient.mailbox, { workingHours })
}

/** What Default, and the asking person by their mail user on the other side, may see of somebody's calendar; left out = the usual. */
export interface Shown {
  byDefault?: keyof typeof permissionLevels
  asker?: keyof typeof permissionLevels
}

/** Sets the calendar's permissions. */
export async function showCalendar(sites: HybridSites, alias: string, asker: string, { byDefault, asker: level }: Shown): Promise<void> {
  const { site, organisation, recipient, caller } = await personOf(sites, alias)
  const person = await site.directory.find(`${asker}@contoso.com`, organisation)
  const permissions = [
    ...(byDefault ? [{ user: 'default', rights: permissionLevels[byDefault] }] : []),
    ...(level && person ? [{ user: person.id, rights: permissionLevels[level] }] : []),
  ]
  const change = { op: 'set', path: { property: 'permissionSet' }, value: permissions } as const
  await site.mailboxes.updateFolder(caller, { mailbox: recipient.mailbox, kind: 'calendar' }, [change])
}

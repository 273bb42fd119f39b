import type { Configuration } from '#directory'
import { folderRights, permissionLevels } from '#model'
import type { SharedData } from './contract.ts'

const { readAny, visible, freeBusySimple, freeBusyDetailed } = folderRights
const simple = freeBusySimple
const detailed = simple | freeBusyDetailed
const whole = detailed | readAny | visible

/** What each action of a sharing policy lets people of a domain see (New-SharingPolicy), the most first: the level that they are given, and what they may see at most. */
const actions: readonly { action: string; data: SharedData; level: number; most: number }[] = [
  { action: 'calendarsharingfreebusyreviewer', data: 'Calendar', level: permissionLevels.Reviewer, most: whole },
  { action: 'calendarsharingfreebusydetail', data: 'Calendar', level: permissionLevels.FreeBusyTimeAndSubjectAndLocation, most: detailed },
  { action: 'calendarsharingfreebusysimple', data: 'Calendar', level: permissionLevels.FreeBusyTimeOnly, most: simple },
  { action: 'contactssharing', data: 'Contacts', level: permissionLevels.Reviewer, most: whole },
]

/** Where no policy is kept: what the built-in one says. */
const builtIn = ['*:CalendarSharingFreeBusySimple']

/**
 * What the organisation's default sharing policy lets its people show to somebody of a domain: the level given with an invitation, and the most that
 * any permission gives; undefined for nothing. The row of the domain counts, else the one of `*`.
 */
export async function sharingPolicyFor(
  configuration: Pick<Configuration, 'list'> | undefined,
  organisation: string,
  domain: string,
  data: SharedData,
): Promise<{ level: number; most: number } | undefined> {
  const policy = configuration && (await configuration.list(organisation, 'SharingPolicy')).find((one) => one.Default)
  if (configuration && !policy?.Enabled) return undefined
  const rows = (policy?.Domains ?? builtIn).map((row) => {
    const [of = '', given = ''] = row.split(/:(.*)/s)
    return { of: of.trim().toLowerCase(), given: given.split(',').map((one) => one.trim().toLowerCase()) }
  })
  const row = rows.find(({ of }) => of === domain.toLowerCase()) ?? rows.find(({ of }) => of === '*')
  return actions.find((one) => one.data === data && row?.given.includes(one.action))
}

/** What rights that stand in a folder's permissions show of it: whoever reads it sees its times too. */
export const shownBy = (rights: number): number => (rights & readAny ? whole : rights & freeBusyDetailed ? detailed : rights & simple)

import type { Configuration } from '#directory'
import type { SharedData } from '#mailbox'
import { permissionLevels } from '#model'

/** What each action of a sharing policy lets people of the domain see, the most first (New-SharingPolicy). */
const actions: readonly { action: string; data: SharedData; rights: number }[] = [
  { action: 'calendarsharingfreebusyreviewer', data: 'Calendar', rights: permissionLevels.Reviewer },
  { action: 'calendarsharingfreebusydetail', data: 'Calendar', rights: permissionLevels.FreeBusyTimeAndSubjectAndLocation },
  { action: 'calendarsharingfreebusysimple', data: 'Calendar', rights: permissionLevels.FreeBusyTimeOnly },
  { action: 'contactssharing', data: 'Contacts', rights: permissionLevels.Reviewer },
]

/**
 * The rights that the organisation's default sharing policy lets its people give to somebody of a domain; undefined for none. The row of the
 * domain counts, else the one of `*`.
 */
export async function rightsByPolicy(
  configuration: Pick<Configuration, 'list'>,
  organisation: string,
  domain: string,
  data: SharedData,
): Promise<number | undefined> {
  const policy = (await configuration.list(organisation, 'SharingPolicy')).find((one) => one.Default)
  if (!policy?.Enabled) return undefined
  const rows = policy.Domains.map((row) => {
    const [of = '', given = ''] = row.split(/:(.*)/s)
    return { of: of.trim().toLowerCase(), given: given.split(',').map((one) => one.trim().toLowerCase()) }
  })
  const row = rows.find(({ of }) => of === domain.toLowerCase()) ?? rows.find(({ of }) => of === '*')
  return actions.find((one) => one.data === data && row?.given.includes(one.action))?.rights
}

import { z } from 'zod'
import { defaultRightsOf, externalAddressOf, permissionLevelOf, permissionLevels, Refusal } from '#model'
import { folderRef } from '../references.ts'
import { verb } from '../verb.ts'

const levels = ['None', 'FreeBusyTimeOnly', 'FreeBusyTimeAndSubjectAndLocation', 'Reviewer', 'Author', 'Editor', 'Owner'] as const

/** Who may see what of a calendar, first everybody who is not named. For who may change it alone → AccessDenied. */
export const calendarPermissions = verb(z.object({ folder: folderRef }), async ({ caller, directory, mailboxes }, { folder }) => {
  const { row, rights } = await mailboxes.getFolder(caller, folder)
  if (!rights.modify) throw new Refusal('AccessDenied', 'Its owner alone sees who may see this calendar.')
  const named = row.permissions.filter(({ user }) => user !== 'default')
  const everybody = row.permissions.find(({ user }) => user === 'default') ?? { user: 'default', rights: defaultRightsOf(row.kind) }
  const entries = await Promise.all(
    [everybody, ...named].map(async ({ user, rights }) => {
      const common = user === 'default' || user === 'anonymous'
      const person = common ? undefined : await directory.recipient(caller.organisation, user)
      return { user, name: person?.displayName ?? externalAddressOf(user), address: person?.address, level: permissionLevelOf(rights) }
    }),
  )
  return { entries, levels }
})

const change = z.object({
  folder: folderRef,
  /** `default`, `anonymous`, or an entry's `user`; an address for somebody who has none yet. */
  user: z.string().min(1).max(320),
  /** Absent = the entry goes. */
  level: z.enum(levels).optional(),
})

/** Gives somebody a level on a calendar, or takes it away. Nobody of this address → ObjectNotFound; refuses as `changeFolderPermission`. */
export const changeCalendarPermission = verb(change, async ({ caller, directory, mailboxes }, { folder, user, level }) => {
  if (!user.includes('@') || user.startsWith('external:')) {
    await mailboxes.changeFolderPermission(caller, folder, level ? { user, how: 'set', rights: permissionLevels[level] } : { user, how: 'remove' }) // prettier-ignore
    return
  }
  const person = await directory.find(user, caller.organisation)
  if (!person) throw new Refusal('ObjectNotFound', `There is nobody with the address ${user}.`)
  if (!level) throw new Refusal('InvalidParameter', 'Somebody who is added needs a level.')
  await mailboxes.changeFolderPermission(caller, folder, { user: person.id, how: 'add', rights: permissionLevels[level] })
})

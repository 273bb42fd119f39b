import { z } from 'zod'
import { windowsZoneId } from '#model'
import { verb } from '../verb.ts'
import { runOwn } from './pages.ts'

const input = z.object({
  culture: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/).max(20),
  timeZone: z.string().max(100).refine((name) => windowsZoneId(name) !== undefined, 'no such time zone'),
  /** Gives the default folders their names in the language. */
  renameFolders: z.boolean(),
}) // prettier-ignore

/** Sets the language that a mailbox is shown in, and its time zone. Whose policy does not let them → AccessDenied. */
export const saveRegion = verb(input, async (context, { culture, timeZone, renameFolders }) => {
  await runOwn(context, 'Set-MailboxRegionalConfiguration', { Language: culture, TimeZone: timeZone, LocalizeDefaultFolderName: renameFolders }) // prettier-ignore
  return {}
})

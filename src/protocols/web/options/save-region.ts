import { z } from 'zod'
import { windowsZoneId } from '#model'
import { verb } from '../verb.ts'

const input = z.object({
  culture: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/).max(20),
  timeZone: z.string().max(100).refine((name) => windowsZoneId(name) !== undefined, 'no such time zone'),
}) // prettier-ignore

/** Sets the language that a mailbox is shown in, and its time zone. */
export const saveRegion = verb(input, async ({ caller, mailboxes, mailbox }, { culture, timeZone }) => {
  await mailboxes.saveSettings(caller, await mailbox(), { culture, timeZone })
  return {}
})

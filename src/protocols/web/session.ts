import { z } from 'zod'
import { verb } from './verb.ts'

/** What a mailbox is made with. */
const unchosen = 'en-US'

/** Who is signed in, and what the client has to know before it shows anything. */
const session = verb(z.object({}), async ({ caller, directory, mailboxes, access, site }) => {
  const recipient = await directory.recipient(caller.organisation, caller.recipient)
  const settings: Record<string, unknown> = recipient?.mailbox ? await mailboxes.settings(caller, recipient.mailbox) : {}
  const said = (name: string) => (typeof settings[name] === 'string' ? settings[name] : undefined)
  return {
    name: caller.name,
    address: caller.address,
    /** Absent for administrators who have none. */
    mailbox: recipient?.mailbox || undefined,
    /** Absent where nobody chose one: the browser says more than what a mailbox is made with. */
    culture: said('culture') === unchosen ? undefined : said('culture'),
    /** As Windows calls it. */
    timeZone: said('timeZone'),
    organisation: site.name,
    /** Names of the management roles: the admin centre shows what they allow. */
    roles: await access.managementRoles(caller),
    secondFactor: caller.signedIn?.secondFactor === true,
  }
})

export const sessionVerbs = { session }

import { z } from 'zod'
import { saved, savedItem } from '../saved.ts'
import { verb } from '../verb.ts'

const member = z.object({ name: z.string().max(255), address: z.string().min(1).max(320) })
const input = z.object({ ...savedItem, name: z.string().trim().min(1).max(255), members: z.array(member).max(500) })

/** Makes a personal distribution list, or changes the one named. Changed meanwhile → IrresolvableConflict. */
export const saveContactList = verb(input, async (context, { name, members, ...form }) => {
  const mailboxes = members.map(({ name: called, address }) => ({ mailbox: { name: called || address, address, routingType: 'SMTP' } }))
  return saved(context, form, {
    kind: 'list',
    folder: 'contacts',
    changes: [
      { op: 'set', path: { property: 'displayName' }, value: name },
      { op: 'set', path: { property: 'members' }, value: mailboxes },
    ],
  })
})

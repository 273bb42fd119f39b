import { z } from 'zod'
import { verb } from '../verb.ts'

const address = z.string().trim().toLowerCase().regex(/^\S+@\S+$/).max(320) // prettier-ignore

/** Sets whose mail is junk, the one named last first. */
export const saveBlockedSenders = verb(
  z.object({ senders: z.array(address).max(1000) }),
  async ({ caller, mailboxes, mailbox }, { senders }) => {
    const blockedSenders = [...new Set(senders)].toReversed()
    await mailboxes.changeSetting(caller, await mailbox(), 'junkEmail', (current) => ({
      ...(current as object | undefined),
      blockedSenders,
    }))
    return {}
  },
)

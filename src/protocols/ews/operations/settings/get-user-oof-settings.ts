import type { OutOfOffice } from '#mailbox'
import { Refusal } from '#model'
import { GetUserOofSettings, type UserOofSettings } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerOne, verb } from '../../verb.ts'

const day = 86_400_000

/** Evolution reads the message without asking whether there is one. */
function reply(text: OutOfOffice['internalReply']): { Message: string; lang?: string } {
  return { Message: text?.message ?? '', ...(text?.language ? { lang: text.language } : {}) }
}

/** Others see less of a mailbox's settings, which would look as if out-of-office were off → AccessDenied. */
async function requireOwner(context: EwsContext, mailbox: string): Promise<void> {
  const { rights } = await context.mailboxes.getFolder(context.caller, { mailbox, kind: 'root' })
  if (!rights.modify) throw new Refusal('AccessDenied', 'Only the owner may see and set out-of-office.')
}

/** Out-of-office as it is set, or as it is before anybody set it ([MS-OXWOOF] 3.1.4.1). */
export const getUserOofSettings = verb(GetUserOofSettings, async ({ Mailbox }, context) => {
  const answer = await answerOne(context, async () => {
    const mailbox = await context.mailboxAt(Mailbox.Address)
    await requireOwner(context, mailbox)
    const settings = await context.mailboxes.settings(context.caller, mailbox)
    const stored = settings.outOfOffice as OutOfOffice | undefined
    const now = context.clock()
    const start = stored?.start ?? now - (now % day)
    const OofSettings: UserOofSettings = {
      OofState: stored?.state ?? 'Disabled',
      ExternalAudience: stored?.externalAudience ?? 'All',
      Duration: { StartTime: start, EndTime: stored?.end ?? start + day },
      InternalReply: reply(stored?.internalReply),
      ExternalReply: reply(stored?.externalReply),
    }
    return { OofSettings }
  })
  const { OofSettings, ...ResponseMessage } = answer
  return { ResponseMessage, ...(OofSettings ? { OofSettings, AllowExternalOof: 'All' as const } : {}) }
})

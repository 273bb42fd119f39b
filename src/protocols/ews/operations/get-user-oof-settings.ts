import type { OutOfOffice } from '#mailbox'
import { GetUserOofSettings, type UserOofSettings } from '#schema'
import { answerOne, verb } from '../verb.ts'

const day = 86_400_000

function reply(text: OutOfOffice['internalReply']): { Message?: string; lang?: string } {
  return text ? { Message: text.message, ...(text.language ? { lang: text.language } : {}) } : {}
}

/** Out-of-office as it is set, or as it is before anybody set it ([MS-OXWOOF] 3.1.4.1). */
export const getUserOofSettings = verb(GetUserOofSettings, async ({ Mailbox }, context) => {
  const answer = await answerOne(context, async () => {
    const settings = await context.mailboxes.settings(context.caller, await context.mailboxAt(Mailbox.Address))
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

import type { OutOfOffice } from '#mailbox'
import { Refusal } from '#model'
import { SetUserOofSettings, type UserOofSettings } from '#schema'
import { answerOne, verb } from '../../verb.ts'

function stored(settings: UserOofSettings): OutOfOffice {
  const { OofState: state, ExternalAudience: externalAudience, Duration, InternalReply, ExternalReply } = settings
  if (state === 'Scheduled' && !Duration) throw new Refusal('InvalidUserOofSettings', 'UserOofSettings/Duration: expected with Scheduled')
  if (Duration && Duration.EndTime <= Duration.StartTime) {
    throw new Refusal('InvalidScheduledOofDuration', 'UserOofSettings/Duration: EndTime must lie behind StartTime.')
  }
  const reply = ({ Message: message, lang }: { Message?: string; lang?: string } = {}) =>
    message ? { message, ...(lang ? { language: lang } : {}) } : undefined
  const internalReply = reply(InternalReply)
  const externalReply = reply(ExternalReply)
  return {
    state,
    externalAudience,
    ...(Duration ? { start: Duration.StartTime, end: Duration.EndTime } : {}),
    ...(internalReply ? { internalReply } : {}),
    ...(externalReply ? { externalReply } : {}),
  }
}

/** Sets out-of-office ([MS-OXWOOF] 3.1.4.2). An end before the start → InvalidScheduledOofDuration. */
export const setUserOofSettings = verb(SetUserOofSettings, async ({ Mailbox, UserOofSettings }, context) => {
  const ResponseMessage = await answerOne(context, async () => {
    const mailbox = await context.mailboxAt(Mailbox.Address)
    await context.mailboxes.saveSettings(context.caller, mailbox, { outOfOffice: stored(UserOofSettings) })
    return {}
  })
  return { ResponseMessage }
})

import { Refusal } from '#model'
import { GetDelegate } from '#schema'
import { answerOne, verb } from '../../verb.ts'
import { delegatingMailbox, forEachDelegate, shown, type DelegateMessage } from './delegate-element.ts'

/** The delegates of a mailbox, all or those named, and who gets its meeting messages ([MS-OXWSDLGM] 3.1.4.2). */
export const getDelegate = verb(GetDelegate, ({ Mailbox, UserIds, IncludePermissions }, context) =>
  answerOne(context, async () => {
    const mailbox = await delegatingMailbox(context, Mailbox)
    const { caller, mailboxes } = context
    const { delegates, deliver: DeliverMeetingRequests } = await mailboxes.delegates(caller, mailbox)
    const messages: DelegateMessage[] = []
    if (UserIds) {
      const named = async (found: { id: string }[]) =>
        (await mailboxes.delegates(caller, mailbox, found.map(({ id }) => id))).delegates // prettier-ignore
      messages.push(...(await forEachDelegate(context, UserIds, (id) => id, named, IncludePermissions)))
    } else {
      for (const one of delegates) {
        if (one instanceof Refusal) continue
        const message = await shown(context, one, IncludePermissions)
        // Nobody is shown who was removed from the directory since.
        if (message.DelegateUser) messages.push(message)
      }
    }
    return { ...(messages.length > 0 ? { ResponseMessages: messages } : {}), DeliverMeetingRequests }
  }),
)

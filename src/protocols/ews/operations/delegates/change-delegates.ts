import type { DelegateVerbs } from '#mailbox'
import { AddDelegate, RemoveDelegate, UpdateDelegate, type DelegateUserElement, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerOne, verb } from '../../verb.ts'
import { delegateChange, delegatingMailbox, forEachDelegate, type DelegateMessage } from './delegate-element.ts'

const answered = (messages: DelegateMessage[]) => (messages.length > 0 ? { ResponseMessages: messages } : {})

async function change(
  context: EwsContext,
  { Mailbox, DelegateUsers = [], DeliverMeetingRequests }: Infer<typeof UpdateDelegate.request>,
  how: 'addDelegates' | 'updateDelegates',
) {
  const mailbox = await delegatingMailbox(context, Mailbox)
  const verbs: Pick<DelegateVerbs, 'addDelegates' | 'updateDelegates'> = context.mailboxes
  const together = (found: { id: string; one: DelegateUserElement }[]) =>
    verbs[how](
      context.caller,
      mailbox,
      found.map(({ id, one }) => delegateChange(id, one)),
      DeliverMeetingRequests,
    )
  return answered(await forEachDelegate(context, DelegateUsers, ({ UserId }) => UserId, together))
}

/** [MS-OXWSDLGM] 3.1.4.1: one answer for each person. */
export const addDelegate = verb(AddDelegate, (request, context) => answerOne(context, () => change(context, request, 'addDelegates')))

/** [MS-OXWSDLGM] 3.1.4.4; without people it sets who gets meeting messages alone. */
export const updateDelegate = verb(UpdateDelegate, (request, context) =>
  answerOne(context, () => change(context, request, 'updateDelegates')),
)

/** [MS-OXWSDLGM] 3.1.4.3. */
export const removeDelegate = verb(RemoveDelegate, ({ Mailbox, UserIds }, context) =>
  answerOne(context, async () => {
    const mailbox = await delegatingMailbox(context, Mailbox)
    const together = (found: { id: string }[]) =>
      context.mailboxes.removeDelegates(
        context.caller,
        mailbox,
        found.map(({ id }) => id),
      )
    return answered(await forEachDelegate(context, UserIds, (id) => id, together))
  }),
)

import { GetPasswordExpirationDate } from '#schema'
import { answerOne, verb } from '../../verb.ts'

/** What stands for never: the last second of the calendar. */
const never = Date.UTC(9999, 11, 31, 23, 59, 59)

/** When a password ends ([MS-OXWSPED] 3.1.4.1): never, since passwords are not made to be changed here. Of a mailbox that is not open to the caller → AccessDenied. */
export const getPasswordExpirationDate = verb(GetPasswordExpirationDate, ({ MailboxSmtpAddress: address }, context) =>
  answerOne(context, async () => {
    await context.mailboxes.statistics(context.caller, address ? await context.mailboxAt(address) : await context.ownMailbox())
    return { PasswordExpirationDate: never }
  }),
)

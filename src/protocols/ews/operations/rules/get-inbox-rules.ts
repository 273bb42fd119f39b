import { GetInboxRules } from '#schema'
import { answerOne, verb } from '../../verb.ts'
import { ruleElement } from './rule-element.ts'

/** The rules of a mailbox in the order in which they run ([MS-OXWSRULES] 3.1.4.1). Outlook's own rules are kept nowhere here. */
export const getInboxRules = verb(GetInboxRules, ({ MailboxSmtpAddress }, context) =>
  answerOne(context, async () => {
    const mailbox = await (MailboxSmtpAddress ? context.mailboxAt(MailboxSmtpAddress) : context.ownMailbox())
    const rules = await context.mailboxes.inboxRules(context.caller, mailbox)
    return { OutlookRuleBlobExists: false, InboxRules: rules.map((rule) => ruleElement(mailbox, rule)) }
  }),
)

import { Refusal } from '#model'
import { FindMessageTrackingReport } from '#schema'
import { answerOne, verb } from '../../verb.ts'
import { checkScope, smtpPerson } from './scope.ts'

const day = 86_400_000
/** How far back a question goes that does not say so, and the longest window of one. */
const usualWindow = 14 * day
const longestWindow = 31 * day

/**
 * The messages that the caller sent, or of another sender those that came to the caller ([MS-OXWSMTRK] 3.1.4.1). Another organisation's
 * domain → MessageTrackingNoSuchDomain; a window that is none, or longer than a month → InvalidArgument.
 */
export const findMessageTrackingReport = verb(FindMessageTrackingReport, (request, context) =>
  answerOne(context, async () => {
    const { Scope, Domain, Sender, Recipient, Subject, MessageId, EndDateTime: to = context.clock() } = request
    const { StartDateTime: from = to - usualWindow } = request
    checkScope(Scope)
    const { caller, directory } = context
    const domain = await directory.acceptedDomain(Domain)
    if (domain?.organisation !== caller.organisation) {
      throw new Refusal('MessageTrackingNoSuchDomain', `'${Domain.slice(0, 255)}' is no domain of your organisation.`)
    }
    if (from > to || to - from > longestWindow) {
      throw new Refusal('InvalidArgument', 'StartDateTime and EndDateTime: expected a window of at most 31 days')
    }
    const messages = await context.tracking.ownMessages(caller, {
      ...(Sender?.address ? { sender: Sender.address } : {}),
      ...(Recipient?.address ? { recipient: Recipient.address } : {}),
      ...(Subject ? { subject: Subject } : {}),
      ...(MessageId ? { messageId: MessageId } : {}),
      from,
      to,
    })
    const MessageTrackingSearchResults = messages.map(({ id, subject, sender, recipients, submitted, server }) => ({
      Subject: subject,
      Sender: smtpPerson(sender),
      Recipients: recipients.map(smtpPerson),
      SubmittedTime: submitted,
      MessageTrackingReportId: id,
      FirstHopServer: server,
    }))
    return { MessageTrackingSearchResults, ExecutedSearchScope: Scope }
  }),
)

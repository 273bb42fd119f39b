import { Refusal } from '#model'
import { GetMessageTrackingReport } from '#schema'
import type { TrackedEvent } from '#transport'
import { answerOne, verb } from '../../verb.ts'
import { checkScope, smtpPerson } from './scope.ts'

/** `0001-01-01T00:00:00Z`, which says that there is no such recipient. */
const never = -62_135_596_800_000

/** The last that is known of each recipient, in the order in which they came in. */
function summary(events: readonly TrackedEvent[]): TrackedEvent[] {
  const last = new Map<string, TrackedEvent>()
  for (const event of events) last.set(event.recipient.toLowerCase(), event)
  return [...last.values()]
}

/**
 * What became of a message of the caller's ([MS-OXWSMTRK] 3.1.4.2): the state of each recipient, or everything that happened on the way to
 * one. Waiting for another server is told where `ReturnQueueEvents` asks for it.
 */
export const getMessageTrackingReport = verb(GetMessageTrackingReport, (request, context) =>
  answerOne(context, async () => {
    const { Scope, ReportTemplate, RecipientFilter, MessageTrackingReportId, ReturnQueueEvents = true } = request
    checkScope(Scope)
    const path = ReportTemplate === 'RecipientPath'
    const only = RecipientFilter?.address?.toLowerCase()
    if (path && only === undefined) throw new Refusal('InvalidArgument', 'RecipientFilter: a RecipientPath is of one recipient')
    const report = await context.tracking.ownReport(context.caller, MessageTrackingReportId)
    const told = report.events.filter(({ what }) => ReturnQueueEvents || what !== 'QueueRetry')
    const wanted = only === undefined ? told : told.filter(({ recipient }) => recipient.toLowerCase() === only)
    if (path && wanted.length === 0) return { MessageTrackingReport: { SubmitTime: never, RecipientTrackingEvents: [] } }
    const RecipientTrackingEvents = (path ? wanted : summary(wanted)).map((event, n) => ({
      Date: event.at,
      Recipient: smtpPerson(event.recipient),
      DeliveryStatus: event.status,
      EventDescription: event.what,
      ...(event.detail.length > 0 ? { EventData: event.detail } : {}),
      Server: event.server,
      InternalId: n,
    }))
    const { sender, subject, submitted, recipients } = report
    const head = { Sender: smtpPerson(sender), Subject: subject, SubmitTime: submitted, OriginalRecipients: recipients.map(smtpPerson) }
    return { MessageTrackingReport: { ...head, RecipientTrackingEvents } }
  }),
)

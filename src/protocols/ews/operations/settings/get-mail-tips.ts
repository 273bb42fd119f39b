import { mailTipKinds, type MailTipKind, type MailTips } from '#mailbox'
import { Refusal } from '#model'
import { GetMailTips, success, type EmailAddressElement, type Infer, type MailTips as MailTipsType } from '#schema'
import { answerEach, verb } from '../../verb.ts'

type Request = Infer<typeof GetMailTips.request>
type MailTipsElement = Infer<typeof MailTipsType>

const largestInt = 2 ** 31 - 1

/** The kinds that a request means. `Scope` tells of audiences that this server does not have. */
function wantedKinds(requested: Request['MailTipsRequested']): MailTipKind[] {
  if (requested.includes('All')) return [...mailTipKinds]
  return mailTipKinds.filter((kind) => requested.includes(kind))
}

/** Tips in the schema's order. An automatic reply that nobody gets is an empty message, as in the example of [MS-OXWMT]. */
function tipsElement(tips: MailTips, { Name, EmailAddress, RoutingType }: EmailAddressElement): MailTipsElement {
  const { pending, outOfOffice, mailboxFull, customMailTip, totalMemberCount, externalMemberCount } = tips
  const { maxMessageSize, deliveryRestricted, isModerated, invalidRecipient } = tips
  return {
    RecipientAddress: {
      ...(Name === undefined ? {} : { Name }),
      ...(EmailAddress === undefined ? {} : { EmailAddress }),
      RoutingType: RoutingType ?? 'SMTP',
    },
    PendingMailTips: pending,
    ...(outOfOffice ? { OutOfOffice: outOfOfficeElement(outOfOffice) } : {}),
    ...(mailboxFull === undefined ? {} : { MailboxFull: mailboxFull }),
    ...(customMailTip === undefined ? {} : { CustomMailTip: customMailTip }),
    ...(totalMemberCount === undefined ? {} : { TotalMemberCount: totalMemberCount }),
    ...(externalMemberCount === undefined ? {} : { ExternalMemberCount: externalMemberCount }),
    ...(maxMessageSize === undefined ? {} : { MaxMessageSize: Math.min(maxMessageSize, largestInt) }),
    ...(deliveryRestricted === undefined ? {} : { DeliveryRestricted: deliveryRestricted }),
    ...(isModerated === undefined ? {} : { IsModerated: isModerated }),
    ...(invalidRecipient === undefined ? {} : { InvalidRecipient: invalidRecipient }),
  }
}

function outOfOfficeElement({ reply, start, end }: NonNullable<MailTips['outOfOffice']>): NonNullable<MailTipsElement['OutOfOffice']> {
  return {
    ReplyBody: { Message: reply?.message ?? '', ...(reply?.language ? { lang: reply.language } : {}) },
    ...(start !== undefined && end !== undefined ? { Duration: { StartTime: start, EndTime: end } } : {}),
  }
}

/**
 * What is to be known of recipients before a message is sent to them, of other organisations' too ([MS-OXWMT] 3.1.4.1): a message for each, in
 * the order asked. SendingAs
 * somebody that the caller may not send as → SendAsDenied, switched off → MailTipsDisabled, both for the request as a whole.
 */
export const getMailTips = verb(GetMailTips, async ({ SendingAs, Recipients, MailTipsRequested }, context) => {
  const { outcomes, trace } = await context.hybrid.mailTips(
    context.caller,
    Recipients.map(({ EmailAddress }) => EmailAddress ?? ''),
    wantedKinds(MailTipsRequested),
    {
      ...(SendingAs.EmailAddress ? { sendingAs: SendingAs.EmailAddress } : {}),
      ...(context.culture ? { culture: context.culture } : {}),
    },
  )
  if (trace) context.http.log.trace = trace.id
  const ResponseMessages = await answerEach(context, [...outcomes.entries()], async ([at, outcome]) => {
    if (outcome instanceof Refusal) throw outcome
    return { MailTips: tipsElement(outcome, Recipients[at] ?? {}) }
  })
  return success({ ResponseMessages })
})

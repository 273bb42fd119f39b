import { mailTipKinds, type MailTipKind, type MailTips } from '#mailbox'
import { Refusal } from '#model'
import { GetMailTips, type Infer } from '#schema'
import type { XmlElement } from '#wire'
import { LookupFailure } from '../failure.ts'
import { codeOf } from './free-busy-message.ts'

type Answer = Infer<typeof GetMailTips.response>
type Message = NonNullable<Answer['ResponseMessages']>[number]
type Tips = NonNullable<Message['MailTips']>

const smtp = (EmailAddress: string) => ({ EmailAddress, RoutingType: 'SMTP' })

/** The request for what is to be known of recipients of a message from the sender; what stands in the SOAP body. */
export function writeMailTipsRequest(addresses: readonly string[], sender: string, wanted: readonly MailTipKind[]): string {
  const MailTipsRequested = mailTipKinds.every((kind) => wanted.includes(kind)) ? (['All'] as const) : wanted
  return GetMailTips.request.write(
    `m:${GetMailTips.requestElement}`,
    { SendingAs: smtp(sender), Recipients: addresses.map(smtp), MailTipsRequested: [...MailTipsRequested] },
    { dateTime: String },
  )
}

/** What to do about each code that the other side answers a whole question with. */
const remedies: Readonly<Record<string, string>> = {
  MailTipsDisabled:
    'On the other side, run Set-OrganizationRelationship -MailTipsAccessEnabled -MailTipsAccessLevel All, and Set-OrganizationConfig -MailTipsAllTipsEnabled.',
}

/** One outcome for each address, in order. A question that was refused as a whole → LookupFailure with the other side's code. */
export function readMailTipsAnswer(element: XmlElement, addresses: readonly string[]): (MailTips | Refusal)[] {
  const answer = GetMailTips.response.read(element, { local: (text) => Date.parse(`${text}Z`), unknownElements: 'skip' })
  if (answer.ResponseClass === 'Error') {
    const code = codeOf(answer.ResponseCode)
    throw new LookupFailure(
      code,
      `EWS refused the question for MailTips, ${answer.ResponseCode ?? ''}: ${answer.MessageText ?? ''}`,
      remedies[code] ?? 'The other side’s log and trace say why.',
    )
  }
  return addresses.map((address, at) => {
    const message = answer.ResponseMessages?.[at]
    return message
      ? outcomeOf(message, address)
      : new Refusal('ProxyRequestProcessingFailed', `The other server said nothing about ${address}.`)
  })
}

function outcomeOf({ ResponseClass, ResponseCode, MessageText, MailTips }: Message, address: string): MailTips | Refusal {
  if (ResponseClass === 'Error') return new Refusal(codeOf(ResponseCode), MessageText || `The other server has no MailTips of ${address}.`)
  if (!MailTips) return new Refusal('ProxyRequestProcessingFailed', `The other server gave no MailTips of ${address}.`)
  const tips = Object.fromEntries(
    mailTipKinds.flatMap((kind) => {
      const value = kind === 'OutOfOfficeMessage' ? replyOf(MailTips.OutOfOffice) : MailTips[fields[kind][1]]
      return value === undefined ? [] : [[fields[kind][0], value]]
    }),
  )
  return { address, pending: mailTipKinds.filter((kind) => MailTips.PendingMailTips.includes(kind)), ...tips }
}

/** Where each kind stands, in ours and on the wire. */
const fields = {
  OutOfOfficeMessage: ['outOfOffice', 'OutOfOffice'],
  MailboxFullStatus: ['mailboxFull', 'MailboxFull'],
  CustomMailTip: ['customMailTip', 'CustomMailTip'],
  ExternalMemberCount: ['externalMemberCount', 'ExternalMemberCount'],
  TotalMemberCount: ['totalMemberCount', 'TotalMemberCount'],
  MaxMessageSize: ['maxMessageSize', 'MaxMessageSize'],
  DeliveryRestriction: ['deliveryRestricted', 'DeliveryRestricted'],
  ModerationStatus: ['isModerated', 'IsModerated'],
  InvalidRecipient: ['invalidRecipient', 'InvalidRecipient'],
} as const satisfies Record<MailTipKind, [keyof MailTips, keyof Tips]>

/** The kinds of tips that are there. */
export const givenKinds = (tips: MailTips): MailTipKind[] => mailTipKinds.filter((kind) => tips[fields[kind][0]] !== undefined)

/** An empty message stands for no reply, as in the example of [MS-OXWMT]. */
function replyOf(element: Tips['OutOfOffice']): MailTips['outOfOffice'] {
  if (!element) return undefined
  const { ReplyBody, Duration } = element
  if (!ReplyBody?.Message) return {}
  return {
    reply: { message: ReplyBody.Message, ...(ReplyBody.lang ? { language: ReplyBody.lang } : {}) },
    ...(Duration ? { start: Duration.StartTime, end: Duration.EndTime } : {}),
  }
}

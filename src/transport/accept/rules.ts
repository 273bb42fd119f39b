import { Refusal } from '#model'
import { envelopeAddress } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import type { Draft } from './draft.ts'
import { addMissingHeaders, checkAuthor, removeBcc } from './fix-ups.ts'
import { checkSender } from './sender-rights.ts'

/** One step of acceptance. */
export interface Rule {
  name: string
  reference: string
  run: (draft: Draft, ctx: TransportContext) => Draft | Promise<Draft>
}

/** What a message goes through before it is queued, in this order. A refusal ends it; nothing is kept then. */
export const rules: readonly Rule[] = [
  { name: 'size', reference: 'RFC 1870 6', run: limitSize },
  { name: 'recipients', reference: 'RFC 5321 4.5.3.1.8', run: limitRecipients },
  { name: 'loop', reference: 'RFC 5321 6.3', run: detectLoop },
  { name: 'sender', reference: 'RFC 6409 6.1', run: mayUseSender },
  { name: 'missing headers', reference: 'RFC 6409 8', run: addMissingHeaders },
  { name: 'author', reference: 'RFC 6409 8.1', run: checkAuthor },
  { name: 'blind copies', reference: 'RFC 5322 3.6.3', run: removeBcc },
  { name: 'quota', reference: 'PSDOC Set-Mailbox ProhibitSendQuota', run: hasRoomToSend },
  { name: 'rate', reference: 'PSDOC New-ThrottlingPolicy MessageRateLimit, RecipientRateLimit', run: countSubmission },
]

function limitSize(draft: Draft, { config }: TransportContext): Draft {
  if (draft.bytes.length <= config.maxMessageSize) return draft
  throw new Refusal('MessageSizeExceeded', `The message is larger than ${config.maxMessageSize} bytes.`, { limit: config.maxMessageSize })
}

function limitRecipients(draft: Draft, { config }: TransportContext): Draft {
  const { recipients } = draft.envelope
  if (recipients.length === 0) throw new Refusal('MissingRecipients', 'The message has no recipients.')
  if (recipients.length > config.maxRecipients) throw new Refusal('TooManyRecipients', `More than ${config.maxRecipients} recipients.`)
  const once = new Map(recipients.map((recipient) => [envelopeAddress(recipient.address).toLowerCase(), recipient]))
  return { ...draft, envelope: { ...draft.envelope, recipients: [...once.values()] } }
}

function detectLoop(draft: Draft, { config }: TransportContext): Draft {
  const hops = draft.headers.filter((header) => header.key === 'received').length
  if (hops <= config.maxHops) return draft
  throw new Refusal('MailLoop', `The message has passed ${hops} servers: it is going in circles.`, { hops })
}

/** Whoever may send nothing from their mailbox sends nothing past it either. */
async function hasRoomToSend(draft: Draft, ctx: TransportContext): Promise<Draft> {
  if (draft.origin.kind === 'submission' && draft.caller.kind === 'user') await ctx.mailboxes.requireRoomToSend?.(draft.caller)
  return draft
}

async function countSubmission(draft: Draft, ctx: TransportContext): Promise<Draft> {
  if (draft.origin.kind === 'submission') await ctx.submissions?.take(draft.caller, draft.envelope.recipients.length)
  return draft
}

async function mayUseSender(draft: Draft, ctx: TransportContext): Promise<Draft> {
  if (draft.origin.kind === 'submission') await checkSender(ctx, draft.caller, draft.envelope.sender)
  return draft
}

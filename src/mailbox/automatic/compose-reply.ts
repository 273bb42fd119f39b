import type { Directory } from '#directory'
import type { Body, Caller, EmailAddress, Properties } from '#model'
import type { Item, NewAttachment, NewItemInput, PropertyChange } from '../contract.ts'
import { originalOf, quotedBody } from './quote.ts'

/** The ways to answer a message, as EWS names them. */
export type ReplyKind = 'ReplyToItem' | 'ReplyAllToItem' | 'ForwardItem'

/** PidTagLastVerbExecuted and PidTagIconIndex of an original that was answered ([MS-OXOMSG] 2.2.1.8). */
const marks: Readonly<Record<ReplyKind, { verb: number; icon: number }>> = {
  ReplyToItem: { verb: 102, icon: 261 },
  ReplyAllToItem: { verb: 103, icon: 261 },
  ForwardItem: { verb: 104, icon: 262 },
}

/** What is read of an original to answer it. */
export const answeredPaths = [
  'subject', 'body', 'from', 'sender', 'replyTo', 'toRecipients', 'ccRecipients', 'dateTimeSent', 'dateTimeReceived', 'internetMessageId',
  'references', 'inReplyTo', 'importance', 'sensitivity', 'attachments', 'organizer', 'requiredAttendees', 'optionalAttendees',
].map((property) => ({ property })) // prettier-ignore

/** What is left on an original once it was answered so. */
export function answeredChanges(answer: ReplyKind): PropertyChange[] {
  const { verb, icon } = marks[answer]
  const integer = (tag: number, value: number): PropertyChange => ({
    op: 'set',
    path: { extended: { tag, type: 'Integer' } },
    value: { type: 'Integer', value },
  })
  return [integer(0x1081, verb), integer(0x1080, icon)]
}

/** A meeting is answered to its organiser; who attends are the other recipients. */
export function answeredProperties({ kind, properties }: Pick<Item, 'kind' | 'properties'>): Properties {
  if (kind !== 'calendar') return properties
  const people = (list: unknown): unknown[] => ((list ?? []) as { mailbox: unknown }[]).map(({ mailbox }) => mailbox)
  return {
    ...properties,
    from: properties.organizer,
    toRecipients: people(properties.requiredAttendees),
    ccRecipients: people(properties.optionalAttendees),
  } as Properties
}

/** The addresses of a caller, lower case: who answers everybody does not answer themselves. */
export async function ownAddresses(directory: Pick<Directory, 'recipient'>, caller: Caller): Promise<Set<string>> {
  const me = await directory.recipient(caller.organisation, caller.recipient)
  const proxies = (me?.proxyAddresses ?? []).filter((proxy) => /^smtp:/i.test(proxy)).map((proxy) => proxy.slice(5).toLowerCase())
  return new Set([caller.address.toLowerCase(), ...proxies])
}

export interface ReplyInput {
  answer: ReplyKind
  /** The original's properties: people, subject, times, ids, body as stored. */
  original: Properties
  /** What the client said about the new message; wins over what follows from the original. */
  given: Properties
  newBody?: Body
  /** Addresses (lower case) that are the caller's own: left out of ReplyAllToItem. */
  own: ReadonlySet<string>
  /** The original's attachments, for ForwardItem; inline ones alone are kept in answers. */
  attachments: NewAttachment[]
  writeTime: (at: number) => string
}

/**
 * The message that answers or forwards another ([MS-OXWSCDATA] 2.2.4.60 ff.): subject with its prefix, recipients, the
 * original quoted below the new text, and `In-Reply-To` and `References` (RFC 5322 3.6.4).
 */
export function composeReply(input: ReplyInput): NewItemInput {
  const { answer, original, given } = input
  const forward = answer === 'ForwardItem'
  const properties: Properties = {
    subject: prefixed(forward ? 'FW: ' : 'RE: ', text(original.subject)),
    importance: original.importance ?? 'Normal',
    sensitivity: original.sensitivity ?? 'Normal',
    ...recipients(input),
    ...threading(original),
    ...given,
  }
  properties.body = (given.body as Body | undefined) ?? quotedBody(input.newBody, originalOf(original, input.writeTime))
  const attachments = forward ? input.attachments : input.attachments.filter((attachment) => attachment.inline)
  return { kind: 'message', properties, ...(attachments.length ? { attachments } : {}) }
}

function recipients({ answer, original, own }: ReplyInput): Properties {
  if (answer === 'ForwardItem') return {}
  const replyTo = original.replyTo as EmailAddress[] | undefined
  const from = (original.from ?? original.sender) as EmailAddress | undefined
  const to = replyTo?.length ? replyTo : from ? [from] : []
  if (answer === 'ReplyToItem') return { toRecipients: to }
  const seen = new Set<string>(own)
  // Answering all of what I wrote myself goes to those I wrote to.
  const mine = from?.address !== undefined && own.has(from.address.toLowerCase())
  const keep = (list: EmailAddress[]): EmailAddress[] =>
    list.filter(({ address }) => {
      const key = address?.toLowerCase()
      if (key === undefined || seen.has(key)) return false
      seen.add(key)
      return true
    })
  const toAll = keep([...(mine ? [] : to), ...((original.toRecipients ?? []) as EmailAddress[])])
  return { toRecipients: toAll.length ? toAll : to, ccRecipients: keep((original.ccRecipients ?? []) as EmailAddress[]) }
}

function threading(original: Properties): Properties {
  const id = text(original.internetMessageId)
  if (!id) return {}
  const before = text(original.references) || text(original.inReplyTo)
  return { inReplyTo: id, references: before ? `${before} ${id}` : id }
}

/** A subject with the prefix once, whatever prefix it had. */
function prefixed(prefix: string, subject: string): string {
  return prefix + subject.replace(/^(?:(?:re|aw|fw|fwd|wg)\s*:\s*)+/i, '')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

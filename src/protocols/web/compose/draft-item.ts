import { z } from 'zod'
import { deferredSendTime, type Item, type ReplyKind, type SeenAttachment } from '#mailbox'
import {
  extendedKey,
  propertySets,
  Refusal,
  type Body,
  type EmailAddress,
  type ExtendedProperty,
  type Instant,
  type PropertyPath,
} from '#model'
import type { WebContext } from '../verb.ts'
import { partsOf, withAddresses } from './draft-text.ts'

export interface DraftRef {
  mailbox: string
  id: number
}

const named = (name: string) =>
  ({ set: propertySets.PublicStrings, name: `isthmus-${name}`, type: 'String' }) as const satisfies ExtendedProperty
/** The client's own name of what is being written, which stays with it when it is sent: a message is sent once. */
export const tokenPath = { extended: named('draft') } as const satisfies PropertyPath
/** Which page wrote last. */
export const writerPath = { extended: named('writer') } as const satisfies PropertyPath
/** What a draft answers, as `answered` reads it. */
export const answersPath = { extended: named('answers') } as const satisfies PropertyPath

/** When a draft that waits is sent by the site. */
export const sendTimePath = { extended: deferredSendTime } as const satisfies PropertyPath

/** When the message is sent by the site; undefined = it is a draft that waits for its writer. */
export function sendTimeOf({ head, properties, extended }: Pick<Item, 'head' | 'properties' | 'extended'>): Instant | undefined {
  const { value } = extended[extendedKey(deferredSendTime)] ?? {}
  return head.isDraft && properties.isSubmitted === true && typeof value === 'number' ? value : undefined
}

/** A name that a page makes: of a draft, or of itself. */
export const token = z.string().regex(/^[0-9a-f-]{36}$/)
export const person = z.object({ name: z.string().max(300).optional(), address: z.string().min(1).max(320) })
const people = z.array(person).max(1000)

/** What a person writes of a message. */
export const written = z.object({
  from: person.optional(),
  ...{ to: people, cc: people, bcc: people },
  subject: z.string().max(255),
  /** The text above what is quoted. */
  html: z.string().max(4 * 1024 * 1024),
  /** What is quoted stays below the text. */
  quote: z.boolean(),
  importance: z.enum(['Low', 'Normal', 'High']),
  readReceipt: z.boolean(),
})
export type Written = z.output<typeof written>

const shown = ['subject', 'from', 'toRecipients', 'ccRecipients', 'bccRecipients', 'importance', 'isReadReceiptRequested', 'body', 'attachments', 'isDraft', 'isSubmitted', 'inReplyTo', 'references', 'sensitivity'] // prettier-ignore

/** A draft of the caller's, with its body filtered or as it stands. Not there, or sent already → ItemNotFound; filtered, a text that is too long to be shown whole → MessageSizeExceeded. */
export async function loadDraft({ caller, mailboxes }: WebContext, ref: DraftRef, filterHtml: boolean): Promise<Item> {
  const paths: PropertyPath[] = [...shown.map((property) => ({ property })), tokenPath, answersPath, writerPath, sendTimePath]
  const [item] = await mailboxes.getItems(caller, [ref], { shape: 'ids', paths, bodyType: 'HTML', filterHtml })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The draft is not there any more.')
  if (!item.head.isDraft) throw new Refusal('ItemNotFound', 'The message is no draft any more: it was sent.')
  // Written on, it would lose its end.
  if ((item.properties.body as Body | undefined)?.truncated)
    throw new Refusal('MessageSizeExceeded', 'The text of this draft is longer than can be written on here. Open it in another program.')
  return item
}

export const attachmentsOf = ({ properties }: Item) => (properties.attachments ?? []) as SeenAttachment[]
export const htmlOf = ({ properties }: Item): string => (properties.body as Body | undefined)?.value ?? ''

function extendedText({ extended }: Item, path: { extended: ExtendedProperty }): string | undefined {
  const value = extended[extendedKey(path.extended)]?.value
  return typeof value === 'string' ? value : undefined
}
export const tokenOf = (item: Item): string | undefined => extendedText(item, tokenPath)
export const writerOf = (item: Item): string | undefined => extendedText(item, writerPath)

const answers = z.object({
  mailbox: z.string(),
  id: z.number(),
  kind: z.enum(['ReplyToItem', 'ReplyAllToItem', 'ForwardItem']) satisfies z.ZodType<ReplyKind>,
})

/** The message that a draft answers, where it answers one. */
export function answered(item: Item): z.output<typeof answers> | undefined {
  const text = extendedText(item, answersPath)
  return text === undefined ? undefined : answers.safeParse(JSON.parse(text)).data
}

/** A draft as the client writes on. `item` comes with its body filtered. */
export function draftOf(item: Item) {
  const { properties, head } = item
  const ref = { mailbox: item.ref.mailbox, id: item.ref.id }
  const list = (name: string) =>
    ((properties[name] ?? []) as EmailAddress[]).map(({ name, address }) => ({ name: name ?? '', address: address ?? '' }))
  const from = properties.from as EmailAddress | undefined
  const attachments = attachmentsOf(item)
  const { text, quote } = partsOf(htmlOf(item))
  return {
    ref,
    change: head.change,
    token: tokenOf(item),
    from: from?.address ? { name: from.name ?? '', address: from.address } : undefined,
    ...{ to: list('toRecipients'), cc: list('ccRecipients'), bcc: list('bccRecipients') },
    subject: (properties.subject ?? '') as string,
    html: withAddresses(text, { ref, attachments }),
    hasQuote: quote !== undefined,
    importance: (properties.importance ?? 'Normal') as 'Low' | 'Normal' | 'High',
    readReceipt: properties.isReadReceiptRequested === true,
    attachments: attachments.map(fileOf),
    sendAt: sendTimeOf(item),
  }
}

/** A file of a draft. */
export const fileOf = ({ number, name, contentType, size, inline }: Pick<SeenAttachment, 'number' | 'name' | 'contentType' | 'size' | 'inline'>) => ({
  ...{ number, name, contentType, size, inline },
}) // prettier-ignore

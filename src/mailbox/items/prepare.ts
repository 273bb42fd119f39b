import { isKind, itemKinds, propertyRow, type Attendee, type Body, type EmailAddress, type Instant, type Properties } from '#model'
import type { AttachmentRow, NewItem, SearchText, StagedBlob } from '#store'
import { prepareAttachment } from '../attachments/prepare.ts'
import type { NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { bagOf, choiceNumber, displayName, displayNames, flagNumber } from './columns.ts'
import { conversationId, conversationIndex, conversationRoot, conversationTopic } from './conversation.ts'
import { newMessageId } from './message-id.ts'
import { nextSignal } from './reminder-rules.ts'
import { previewOf, searchText } from './search-text.ts'
import { calendarSpan } from '../calendar/series.ts'

export type PreparedAttachment = Omit<AttachmentRow, 'mailbox' | 'item' | 'number'>
/** An item whose blobs are on disk and whose columns are known: ready for one write, in any mailbox and folder. */
export interface PreparedItem {
  row: Omit<NewItem, 'mailbox' | 'folder'>
  blobs: StagedBlob[]
  attachments: PreparedAttachment[]
  text: SearchText
}

/** Who makes the item: `creator` is a recipient GUID (empty = the mailbox's owner or the server), `modifiedBy` a display name. */
export interface Maker {
  creator: string
  modifiedBy: string
}

/** Bytes of a body ready for a write. */
export interface PreparedBody {
  body: Body
  blob: StagedBlob
}

/** Puts a body's text on disk. */
export async function prepareBody(ctx: MailboxContext, body: Body): Promise<PreparedBody> {
  return { body, blob: await ctx.store.stage(Buffer.from(body.value, 'utf8')) }
}

/**
 * Makes an item ready to be inserted. Takes every property as it stands, those that only the server sets included: what a
 * client may set is checked before. A message without a Message-ID gets one. To be called before the transaction.
 */
export async function prepareItem(ctx: MailboxContext, input: NewItemInput, maker: Maker): Promise<PreparedItem> {
  const now = ctx.clock()
  const blobs: StagedBlob[] = []
  const attachments: PreparedAttachment[] = []
  for (const attachment of input.attachments ?? []) {
    const prepared = await prepareAttachment(ctx, attachment)
    attachments.push(prepared.row)
    blobs.push(prepared.blob)
  }
  const body = input.properties.body as Body | undefined
  const staged = body ? await prepareBody(ctx, body) : undefined
  if (staged) blobs.push(staged.blob)
  const mime = input.mime && keepsMime(input) ? await ctx.store.stage(input.mime) : undefined
  if (mime) blobs.push(mime)

  const properties = withConversation(ctx, input, now)
  const bag: Properties = { ...bagOf(input.kind, properties), $creator: maker.creator, lastModifiedName: maker.modifiedBy }
  if (body && staged) Object.assign(bag, { bodyType: body.type, $preview: previewOf(body), $bodySize: staged.blob.size })
  const content = mime?.size ?? (staged?.blob.size ?? 0) + attachments.reduce((sum, one) => sum + one.size, 0)
  const row: PreparedItem['row'] = {
    ...columnsOf(input, properties, now),
    associated: input.associated ?? properties.isAssociated === true,
    hasAttachments: attachments.some((one) => !one.inline),
    size: content + JSON.stringify(bag).length,
    properties: bag,
    extended: input.extended ?? {},
    mime: mime?.digest ?? null,
    mimeSize: mime?.size ?? 0,
    body: staged?.blob.digest ?? null,
  }
  const names = attachments.map((one) => one.name)
  return { row, blobs, attachments, text: searchText(properties, body, names) }
}

/** Only mail is kept byte for byte; raw iCalendar and vCard are made anew from the properties. */
function keepsMime(input: NewItemInput): boolean {
  return isKind(input.kind, 'message') || input.kind === 'post' || input.kind === 'item'
}

function withConversation(ctx: MailboxContext, input: NewItemInput, now: Instant): Properties {
  const properties = { ...input.properties }
  if (!isKind(input.kind, 'message') && input.kind !== 'post') return properties
  properties.internetMessageId ||= newMessageId(ctx)
  properties.conversationTopic ??= conversationTopic(String(properties.subject ?? ''))
  properties.conversationId ??= conversationId(conversationRoot(properties, String(properties.internetMessageId)))
  properties.conversationIndex ??= conversationIndex(String(properties.conversationId), now)
  return properties
}

type Columns = Pick<
  NewItem,
  | 'kind' | 'itemClass' | 'created' | 'modified' | 'received' | 'sent' | 'isRead' | 'isDraft' | 'importance' | 'sensitivity' | 'flagStatus'
  | 'subject' | 'fromName' | 'displayTo' | 'displayCc' | 'messageId' | 'conversation' | 'start' | 'end' | 'isRecurring' | 'uid' | 'reminder'
> // prettier-ignore

/** The columns that follow from an item's properties alone. */
export function columnsOf(input: Pick<NewItemInput, 'kind' | 'properties'>, properties: Properties, now: Instant): Columns {
  const instant = (name: string, otherwise: Instant) => (typeof properties[name] === 'number' ? properties[name] : otherwise)
  const text = (name: string) => (typeof properties[name] === 'string' ? properties[name] : '')
  const attendees = (name: string) => (properties[name] as Attendee[] | undefined)?.map((one) => one.mailbox)
  const recipients = (name: string) => properties[name] as EmailAddress[] | undefined
  const isCalendar = input.kind === 'calendar'
  return {
    kind: input.kind,
    itemClass: text('itemClass') || itemKinds[input.kind].itemClass,
    created: instant('dateTimeCreated', now),
    modified: now,
    received: instant('dateTimeReceived', now),
    sent: instant('dateTimeSent', now),
    isRead: properties.isRead !== false,
    isDraft: properties.isDraft === true,
    importance: choiceNumber(propertyRow('importance').choices ?? [], properties.importance, 1),
    sensitivity: choiceNumber(propertyRow('sensitivity').choices ?? [], properties.sensitivity, 0),
    flagStatus: flagNumber(properties.flag),
    subject: text('subject'),
    fromName: displayName((isCalendar ? properties.organizer : (properties.from ?? properties.sender)) as EmailAddress | undefined),
    displayTo: displayNames(isCalendar ? attendees('requiredAttendees') : recipients('toRecipients')),
    displayCc: displayNames(isCalendar ? attendees('optionalAttendees') : recipients('ccRecipients')),
    messageId: text('internetMessageId'),
    conversation: text('conversationId'),
    ...calendarSpan(properties),
    isRecurring: isCalendar && Boolean(properties.recurrence),
    uid: text('uid'),
    reminder: nextSignal(input.kind, properties),
  }
}

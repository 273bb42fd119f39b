import type { Body, BodyType, Instant, ItemKind, Properties } from '#model'
import type { AttachmentRow, ItemRow, ReadTx, WriteTx } from '#store'
import { contentOf, parseAttachedItem } from '../attachments/prepare.ts'
import type { NewAttachment, NewItemInput } from '../contract.ts'
import { storedProperties } from './columns.ts'
import { answerIndex, conversationIndex, indexIn, isAnswer } from './conversation.ts'
import type { PreparedItem } from './prepare.ts'

/** Inserts a prepared item. A reply to a message of this mailbox joins that message's conversation. Returns the row with its id. */
export async function insertItem(tx: WriteTx, mailbox: string, folder: number, prepared: PreparedItem): Promise<ItemRow> {
  for (const blob of prepared.blobs) await tx.blobs.put(mailbox, blob)
  const row = await joinConversation(tx, mailbox, prepared.row)
  const inserted = await tx.items.insert({ ...row, mailbox, folder }, prepared.text)
  for (const attachment of prepared.attachments) await tx.attachments.insert({ ...attachment, mailbox, item: inserted.id })
  return inserted
}

/** The row as it is filed: in the conversation of what it answers, when that is here. */
export async function joinConversation(tx: ReadTx, mailbox: string, row: PreparedItem['row']): Promise<PreparedItem['row']> {
  const place = await placeOfAnswer(tx, mailbox, row.properties, row.created, row.messageId)
  if (!place) return row
  return { ...row, conversation: place.conversation, properties: { ...row.properties, conversationIndex: place.conversationIndex } }
}

/** Where an answer stands: in the conversation of what it answers and behind it, unless it says itself behind what. Undefined: that is not here. */
export async function placeOfAnswer(
  tx: ReadTx,
  mailbox: string,
  { inReplyTo, conversationIndex: own }: Properties,
  at: Instant,
  messageId: string,
): Promise<{ conversation: string; conversationIndex: string } | undefined> {
  if (typeof inReplyTo !== 'string' || inReplyTo === '') return undefined
  const [original] = await tx.items.byMessageId(mailbox, inReplyTo.trim(), 1)
  if (!original?.conversation) return undefined
  const { conversation, created } = original
  if (typeof own === 'string' && isAnswer(own) && indexIn(own)) return { conversation, conversationIndex: own }
  // Clients may have written anything there.
  const answered = indexIn(String((await tx.items.get(mailbox, original.id))?.properties.conversationIndex ?? ''))
  const index = answered ?? conversationIndex(conversation, created)
  return { conversation, conversationIndex: answerIndex(index, at, messageId) }
}

/** A copy under a search key of its own: it is another item than the one it was made of, though that has moved (PidTagSearchKey), and does not wait to be sent as that may. */
export async function withOwnKey(tx: WriteTx, copy: ItemRow): Promise<ItemRow> {
  const { $searchKey: key, $sendLater: waits, ...properties } = copy.properties
  if (key === undefined && waits === undefined) return copy
  return tx.items.update(copy.mailbox, copy.id, { properties: { ...properties, ...(waits === undefined ? {} : { isSubmitted: false }) } })
}

/** Removes an item and its attachments for good; a tombstone stays. */
export async function removeItem(tx: WriteTx, row: ItemRow): Promise<void> {
  await tx.items.remove(row.mailbox, row.id)
}

/** An item's body, or undefined when it has none. A changed occurrence has its own in the bag. */
export async function loadBody(tx: ReadTx, row: ItemRow): Promise<Body | undefined> {
  if (!row.body) return row.properties.body as Body | undefined
  const bytes = await tx.blobs.get(row.mailbox, row.body)
  return { type: (row.properties.bodyType as BodyType | undefined) ?? 'Text', value: Buffer.from(bytes).toString('utf8') }
}

/** An attachment with its content, in the form items are made from. */
export async function loadAttachment(tx: ReadTx, row: AttachmentRow): Promise<NewAttachment> {
  const bytes = await tx.blobs.get(row.mailbox, row.blob)
  return {
    kind: row.kind,
    name: row.name,
    contentType: row.contentType,
    contentId: row.contentId,
    contentLocation: row.contentLocation,
    inline: row.inline,
    photo: row.photo,
    ...(row.kind === 'item' ? { item: parseAttachedItem(bytes) } : contentOf(row.kind, bytes)),
  }
}

/** The whole item in the form it is made from: all stored properties with the body, attachments with content, the MIME that is kept. */
export async function loadItem(tx: ReadTx, row: ItemRow): Promise<NewItemInput> {
  const properties: Properties = storedProperties(row)
  delete properties.bodyType
  const body = await loadBody(tx, row)
  if (body) properties.body = body
  const attachments: NewAttachment[] = []
  for (const attachment of await tx.attachments.list(row.mailbox, row.id)) attachments.push(await loadAttachment(tx, attachment))
  const mime = row.mime ? await tx.blobs.get(row.mailbox, row.mime) : undefined
  return {
    kind: row.kind as ItemKind,
    properties,
    extended: row.extended,
    attachments,
    associated: row.associated,
    ...(mime ? { mime } : {}),
  }
}

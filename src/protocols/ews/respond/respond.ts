import {
  answeredChanges,
  answeredPaths,
  answeredProperties,
  composeReply,
  ownAddresses,
  type FolderRef,
  type Item,
  type ItemRef,
  type NewItemInput,
  type ReplyKind,
  type Wanted,
} from '#mailbox'
import { Refusal, type Properties } from '#model'
import type { EwsItem, EwsResponse, ItemId } from '#schema'
import type { EwsContext } from '../context.ts'
import { bareItem } from '../convert/item.ts'
import { newAttachment } from '../convert/new-item.ts'
import { changeOf } from '../ids/change-key.ts'
import { attachmentRefOf, isAttachmentId, itemRefOf } from '../ids/ews-id.ts'
import { dispositionOf, savedFolder, type CreateItemRequest } from '../disposition.ts'
import { respondToMeeting } from './meeting.ts'
import { acceptSharing } from './sharing.ts'

const wanted: Wanted = { shape: 'ids', paths: answeredPaths, bodyType: 'best' }

/** What is answered; `path` leads to it when it is attached to the item of the reference. */
interface Original {
  item: Item
  path: number[]
}

async function originalOf(context: EwsContext, response: EwsResponse): Promise<Original> {
  const id = response.referenceItemId
  if (!id) throw new Refusal('InvalidReferenceItem', `${response.response}/ReferenceItemId: it must be there`)
  if (isAttachmentId(id.Id)) return attachedOriginal(context, id)
  const ref: ItemRef = itemRefOf(id.Id)
  if (id.ChangeKey) changeOf(ref.mailbox, id.ChangeKey)
  const [item] = await context.mailboxes.getItems(context.caller, [ref], wanted)
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The item to answer is not there.')
  return { item, path: [] }
}

async function attachedOriginal(context: EwsContext, { Id, ChangeKey }: ItemId): Promise<Original> {
  const { item: ref, path } = attachmentRefOf(Id)
  if (ChangeKey) changeOf(ref.mailbox, ChangeKey)
  const { item } = await context.mailboxes.getAttachment(context.caller, ref, path, wanted)
  if (!item) throw new Refusal('InvalidIdNotAnItemAttachmentId', 'The attachment is no item that could be answered.')
  return { item, path }
}

/**
 * What a client makes of an item it has ([MS-OXWSCDATA] 2.2.4.66): answers, forwards, acceptances. Without
 * MessageDisposition → MessageDispositionRequired; without the original → InvalidReferenceItem.
 */
export async function respond(context: EwsContext, request: CreateItemRequest, response: EwsResponse): Promise<{ Items: EwsItem[] }> {
  if (response.refusal) throw response.refusal
  switch (response.response) {
    case 'ReplyToItem':
    case 'ReplyAllToItem':
    case 'ForwardItem':
      return reply(context, request, response, response.response)
    case 'PostReplyItem':
      return postReply(context, request, response)
    case 'SuppressReadReceipt':
      return suppressReadReceipt(context, response)
    case 'AcceptItem':
    case 'TentativelyAcceptItem':
    case 'DeclineItem':
    case 'CancelCalendarItem':
    case 'RemoveItem':
    case 'AddItemToMyCalendar':
    case 'ProposeNewTime':
      return respondToMeeting(context, request, response, response.response)
    case 'AcceptSharingInvitation': {
      const { item, path } = await originalOf(context, response)
      if (path.length > 0) throw new Refusal('InvalidReferenceItem', 'An invitation is accepted where it arrived, not attached to an item.')
      await acceptSharing(context, item)
      return { Items: [] }
    }
  }
}

const writeTime = (at: number): string => new Date(at).toUTCString()

async function composed(context: EwsContext, response: EwsResponse, { item, path }: Original, answer: ReplyKind): Promise<NewItemInput> {
  const given: Properties = { ...response.properties }
  const which = answer === 'ForwardItem' ? 'all' : 'inline'
  const attachments = await context.mailboxes.copyAttachments(context.caller, item.ref, path, which)
  const input = composeReply({
    answer,
    original: answeredProperties(item),
    given,
    ...(response.newBody ? { newBody: response.newBody } : {}),
    own: await ownAddresses(context.directory, context.caller),
    attachments,
    writeTime,
  })
  const added = (response.attachments ?? []).map((attachment) => newAttachment(attachment))
  return added.length > 0 ? { ...input, attachments: [...(input.attachments ?? []), ...added] } : input
}

async function reply(
  context: EwsContext,
  request: CreateItemRequest,
  response: EwsResponse,
  answer: ReplyKind,
): Promise<{ Items: EwsItem[] }> {
  const disposition = dispositionOf(request)
  const original = await originalOf(context, response)
  const input = await composed(context, response, original, answer)
  const own = await context.ownMailbox()
  const saveTo = await savedFolder(context, request)
  if (disposition === 'SaveOnly') {
    const folder: FolderRef = saveTo ?? { mailbox: own, kind: 'drafts' }
    return { Items: [bareItem(await context.mailboxes.createItem(context.caller, folder, input))] }
  }
  const copy = disposition === 'SendAndSaveCopy' ? { saveTo: saveTo ?? { mailbox: own, kind: 'sentitems' } } : {}
  const isStored = original.path.length === 0
  const isForwarded =
    isStored && answer === 'ForwardItem' && (await context.mailboxes.forwardMeeting(context.caller, original.item.ref, input, copy))
  if (!isForwarded) await context.mailboxes.sendNew(context.caller, own, input, copy)
  if (isStored) await markAnswered(context, original.item, answer)
  return { Items: [] }
}

/** Leaves on the original what was done with it, where the caller may change it. */
async function markAnswered(context: EwsContext, original: Item, answer: ReplyKind): Promise<void> {
  if (!original.rights.modify || original.kind === 'calendar') return
  await context.mailboxes.updateItem(context.caller, original.ref, answeredChanges(answer), {
    conflict: 'AlwaysOverwrite',
    suppressReadReceipts: true,
  })
}

async function postReply(context: EwsContext, request: CreateItemRequest, response: EwsResponse): Promise<{ Items: EwsItem[] }> {
  const original = await originalOf(context, response)
  const { properties } = await composed(context, response, original, 'ReplyToItem')
  const { toRecipients: _to, ccRecipients: _cc, ...posted } = properties
  const { ref, head } = original.item
  const folder = (await savedFolder(context, request)) ?? { mailbox: ref.mailbox, id: head.folder }
  return { Items: [bareItem(await context.mailboxes.createItem(context.caller, folder, { kind: 'post', properties: posted }))] }
}

/** The read receipt that the original asks for will not be sent ([MS-OXWSCDATA] 2.2.4.75). */
async function suppressReadReceipt(context: EwsContext, response: EwsResponse): Promise<{ Items: EwsItem[] }> {
  const { item, path } = await originalOf(context, response)
  if (path.length > 0) throw new Refusal('InvalidReferenceItem', 'SuppressReadReceipt: an attached message gives no receipt')
  await context.mailboxes.updateItem(
    context.caller,
    item.ref,
    [{ op: 'set', path: { extended: { tag: 0x0029, type: 'Boolean' } }, value: { type: 'Boolean', value: false } }],
    { conflict: 'AlwaysOverwrite', suppressReadReceipts: true },
  )
  return { Items: [] }
}

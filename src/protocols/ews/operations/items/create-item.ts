import type { FolderRef, Item, SeenAttachment } from '#mailbox'
import { isKind, Refusal, type ItemKind } from '#model'
import { CreateItem, type EwsItem } from '#schema'
import type { EwsContext } from '../../context.ts'
import { madeAttachment } from '../../convert/attachment.ts'
import { bareItem } from '../../convert/item.ts'
import { newItem } from '../../convert/new-item.ts'
import { dispositionOf, savedFolder, type CreateItemRequest } from '../../disposition.ts'
import { respond } from '../../respond/respond.ts'
import { answerEach, verb } from '../../verb.ts'
import { notSince } from '../../version.ts'

/** Where an item goes when the request does not say ([MS-OXWSCORE] 3.1.4.2). */
function homeOf(kind: ItemKind): string {
  switch (kind) {
    case 'calendar':
      return 'calendar'
    case 'contact':
    case 'list':
      return 'contacts'
    case 'task':
      return 'tasks'
    case 'post':
      return 'inbox'
    default:
      return 'drafts'
  }
}

async function create(context: EwsContext, request: CreateItemRequest, item: EwsItem): Promise<{ Items: EwsItem[] }> {
  const input = newItem(item)
  const { caller, mailboxes } = context
  const saveTo = await savedFolder(context, request)
  const folder = async (): Promise<FolderRef> => saveTo ?? { mailbox: await context.ownMailbox(), kind: homeOf(item.kind) }
  if (item.kind === 'calendar') {
    const send = request.SendMeetingInvitations
    if (!send)
      throw new Refusal(
        'SendMeetingInvitationsRequired',
        'CreateItem/SendMeetingInvitations: expected SendToNone|SendOnlyToAll|SendToAllAndSaveCopy',
      )
    return made(context, item, await mailboxes.createMeeting(caller, await folder(), input, send))
  }
  if (!isKind(item.kind, 'message') && item.kind !== 'item') {
    return made(context, item, await mailboxes.createItem(caller, await folder(), input))
  }
  const disposition = dispositionOf(request)
  if (disposition === 'SaveOnly') return made(context, item, await mailboxes.createItem(caller, await folder(), input))
  const own = await context.ownMailbox()
  const copy = disposition === 'SendAndSaveCopy' ? { saveTo: saveTo ?? { mailbox: own, kind: 'sentitems' } } : {}
  await mailboxes.sendNew(caller, own, input, copy)
  return { Items: [] }
}

/**
 * The answer of an item that was saved: its id, and the ids of what was attached in the same request. Clients of the Managed API attach once
 * more what they are told no id of.
 */
async function made(context: EwsContext, { attachments: given = [] }: EwsItem, item: Item): Promise<{ Items: EwsItem[] }> {
  if (given.length === 0 || notSince('Exchange2010_SP2', context.version)) return { Items: [bareItem(item)] }
  const [read] = await context.mailboxes.getItems(context.caller, [item.ref], { shape: 'ids', paths: [{ property: 'attachments' }] })
  // What MIME of the same request brought along stands before what was attached beside it.
  const rows = read && !(read instanceof Refusal) ? ((read.properties.attachments ?? []) as SeenAttachment[]).slice(-given.length) : []
  return { Items: [{ ...bareItem(item), attachments: rows.map((row) => madeAttachment(row, item)) }] }
}

/** Makes items, sends messages, answers others ([MS-OXWSCORE] 3.1.4.2). Only what is saved without being sent has an id. */
export const createItem = verb(CreateItem, (request, context) =>
  answerEach(context, request.Items, (item) => ('response' in item ? respond(context, request, item) : create(context, request, item))),
)

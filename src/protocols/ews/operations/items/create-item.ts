import type { FolderRef } from '#mailbox'
import { isKind, Refusal, type ItemKind } from '#model'
import { CreateItem, type EwsItem } from '#schema'
import type { EwsContext } from '../../context.ts'
import { bareItem } from '../../convert/item.ts'
import { newItem } from '../../convert/new-item.ts'
import { dispositionOf, savedFolder, type CreateItemRequest } from '../../disposition.ts'
import { respond } from '../../respond/respond.ts'
import { answerEach, verb } from '../../verb.ts'

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
    return { Items: [bareItem(await mailboxes.createMeeting(caller, await folder(), input, send))] }
  }
  if (!isKind(item.kind, 'message') && item.kind !== 'item') {
    return { Items: [bareItem(await mailboxes.createItem(caller, await folder(), input))] }
  }
  const disposition = dispositionOf(request)
  if (disposition === 'SaveOnly') return { Items: [bareItem(await mailboxes.createItem(caller, await folder(), input))] }
  const own = await context.ownMailbox()
  const copy = disposition === 'SendAndSaveCopy' ? { saveTo: saveTo ?? { mailbox: own, kind: 'sentitems' } } : {}
  await mailboxes.sendNew(caller, own, input, copy)
  return { Items: [] }
}

/** Makes items, sends messages, answers others ([MS-OXWSCORE] 3.1.4.2). Only what is saved without being sent has an id. */
export const createItem = verb(CreateItem, (request, context) =>
  answerEach(context, request.Items, (item) => ('response' in item ? respond(context, request, item) : create(context, request, item))),
)

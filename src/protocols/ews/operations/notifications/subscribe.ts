import type { FolderRef, MailboxEvent } from '#mailbox'
import { Refusal } from '#model'
import { Subscribe, type BaseFolderId, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { folderRef } from '../../folder-reference.ts'
import { changeOfWatermark, watermarkText } from '../../notify/watermark.ts'
import { answerOne, verb } from '../../verb.ts'

type Request = Infer<typeof Subscribe.request>['Subscription']
/** How long a streaming subscription lives without a connection ([MS-OXWSNTIF] 3.1.4.2). */
const streamingTimeout = 30 * 60_000

const kindOf = (type: string): MailboxEvent['kind'] => type.slice(0, -'Event'.length) as MailboxEvent['kind']

/** The folders of a subscription, all of one mailbox; none named = all folders of the caller's own. */
async function scope(
  context: EwsContext,
  ids: BaseFolderId[] | undefined,
  all: boolean | undefined,
): Promise<{ mailbox: string; folders?: number[] }> {
  if (all && ids) throw new Refusal('InvalidRequest', 'Subscribe: either SubscribeToAllFolders or FolderIds')
  if (!ids) {
    if (!all) throw new Refusal('MissingArgument', 'Subscribe: expected FolderIds or SubscribeToAllFolders')
    return { mailbox: await context.ownMailbox() }
  }
  const folders: number[] = []
  let mailbox: string | undefined
  for (const id of ids) {
    const ref: FolderRef = await folderRef(context, id)
    const { row } = await context.mailboxes.getFolder(context.caller, ref)
    if (mailbox !== undefined && mailbox !== row.mailbox) {
      throw new Refusal('InvalidRequest', 'Subscribe/FolderIds: the folders of one subscription lie in one mailbox')
    }
    mailbox = row.mailbox
    folders.push(row.id)
  }
  return { mailbox: mailbox ?? (await context.ownMailbox()), folders }
}

/** Where a mailbox's events stand now. */
async function present(context: EwsContext, mailbox: string): Promise<number> {
  return (await context.mailboxes.eventsSince(context.caller, { mailbox, watermark: 'now', limit: 1 })).watermark
}

async function subscribed(context: EwsContext, request: Request): Promise<{ SubscriptionId: string; Watermark?: string }> {
  if (request.is === 'PushSubscriptionRequest') {
    throw new Refusal('InvalidOperation', 'Push subscriptions are not served; subscribe by pull or streaming.')
  }
  const { FolderIds, SubscribeToAllFolders, EventTypes } = request.value
  const place = await scope(context, FolderIds, SubscribeToAllFolders)
  const events = [...new Set(EventTypes.map(kindOf))]
  if (request.is === 'StreamingSubscriptionRequest') {
    const watermark = await present(context, place.mailbox)
    const { id } = context.subscriptions.add(
      context.caller,
      { kind: 'streaming', ...place, events, watermark, timeout: streamingTimeout },
      context.throttle.ewsSubscriptions,
    )
    return { SubscriptionId: id }
  }
  const { Watermark, Timeout } = request.value
  const watermark = Watermark === undefined ? await present(context, place.mailbox) : changeOfWatermark(place.mailbox, Watermark)
  const { id } = context.subscriptions.add(
    context.caller,
    { kind: 'pull', ...place, events, watermark, timeout: Timeout * 60_000 },
    context.throttle.ewsSubscriptions,
  )
  return { SubscriptionId: id, Watermark: watermarkText(place.mailbox, watermark) }
}

/** Asks for events of folders, to be pulled or streamed ([MS-OXWSNTIF] 3.1.4.4). Push → InvalidOperation. */
export const subscribe = verb(Subscribe, async ({ Subscription }, context) => [
  await answerOne(context, () => subscribed(context, Subscription)),
])

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
  if (all && ids) throw new Refusal('InvalidSubscriptionRequest', 'Subscribe: either SubscribeToAllFolders or FolderIds')
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
      throw new Refusal('InvalidSubscriptionRequest', 'Subscribe/FolderIds: the folders of one subscription lie in one mailbox')
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
  if (request.is === 'PushSubscriptionRequest') return pushed(context, request.value, { ...place, events })
  const { Watermark, Timeout } = request.value
  const watermark = Watermark === undefined ? await present(context, place.mailbox) : changeOfWatermark(place.mailbox, Watermark)
  const { id } = context.subscriptions.add(
    context.caller,
    { kind: 'pull', ...place, events, watermark, timeout: Timeout * 60_000 },
    context.throttle.ewsSubscriptions,
  )
  return { SubscriptionId: id, Watermark: watermarkText(place.mailbox, watermark) }
}

const longestUrl = 2000
/** Push subscriptions of one person. */
const mostPushes = 20

/** Where notifications may be sent: an https address without a name and password in it → else InvalidPushSubscriptionUrl. */
function pushUrl(text: string): string {
  const url = text.length <= longestUrl && URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new Refusal(
      'InvalidPushSubscriptionUrl',
      `Notifications are sent to https addresses alone, without a user name: '${text.slice(0, 200)}'.`,
    )
  }
  return url.href
}

async function pushed(
  context: EwsContext,
  { URL: address, CallerData, StatusFrequency, Watermark }: Extract<Request, { is: 'PushSubscriptionRequest' }>['value'],
  place: { mailbox: string; folders?: number[]; events: MailboxEvent['kind'][] },
): Promise<{ SubscriptionId: string; Watermark: string }> {
  const url = pushUrl(address)
  if ((CallerData?.length ?? 0) > longestUrl) throw new Refusal('InvalidArgument', `CallerData: expected at most ${longestUrl} characters`)
  const watermark = Watermark === undefined ? await present(context, place.mailbox) : changeOfWatermark(place.mailbox, Watermark)
  const frequency = StatusFrequency * 60_000
  const id = await context.pushes.add(
    context.caller,
    { ...place, url, ...(CallerData ? { callerData: CallerData } : {}), frequency, watermark },
    Math.min(context.throttle.ewsSubscriptions, mostPushes),
  )
  return { SubscriptionId: id, Watermark: watermarkText(place.mailbox, watermark) }
}

/** Asks for events of folders, to be pulled, streamed or pushed ([MS-OXWSNTIF] 3.1.4.4). */
export const subscribe = verb(Subscribe, async ({ Subscription }, context) => [
  await answerOne(context, () => subscribed(context, Subscription)),
])

import type { MailboxEvent } from '#mailbox'
import type { Infer, Notification } from '#schema'
import { folderIdElement, itemIdElement } from '../convert/item.ts'
import type { EwsContext } from '../context.ts'
import type { Subscription } from './subscriptions.ts'
import { watermarkText } from './watermark.ts'

export type NotificationElement = Infer<typeof Notification>
type Event = NotificationElement['Events'][number]

/** An event as it is told ([MS-OXWSNTIF] 2.2.4). Events of folders have no item; their own id then stands in `Of`. */
function eventElement(mailbox: string, event: MailboxEvent): Event {
  const { kind, item, folder, oldItem, oldFolder, parent, unread, at, change } = event
  const isItem = item !== undefined
  const holder = folderIdElement(mailbox, isItem ? folder : (parent ?? folder))
  const common = {
    Watermark: watermarkText(mailbox, change),
    TimeStamp: at,
    Of: isItem
      ? { is: 'ItemId' as const, value: itemIdElement({ mailbox, id: item }, kind === 'Deleted' ? undefined : change) }
      : { is: 'FolderId' as const, value: folderIdElement(mailbox, folder) },
    ParentFolderId: holder,
  }
  if (kind === 'Moved' || kind === 'Copied') {
    const OldOf = isItem
      ? { is: 'OldItemId' as const, value: itemIdElement({ mailbox, id: oldItem ?? item }) }
      : { is: 'OldFolderId' as const, value: folderIdElement(mailbox, folder) }
    return { is: `${kind}Event`, value: { ...common, OldOf, OldParentFolderId: folderIdElement(mailbox, oldFolder ?? folder) } }
  }
  if (kind === 'Modified')
    return { is: 'ModifiedEvent', value: { ...common, ...(unread === undefined || isItem ? {} : { UnreadCount: unread }) } }
  return { is: `${kind}Event`, value: common }
}

/** Events of a subscription after a watermark, at most `limit`; the watermark to go on from even when there were none. */
export async function newsOf(
  context: Pick<EwsContext, 'mailboxes' | 'caller'>,
  subscription: { mailbox: string; folders?: readonly number[]; events: readonly MailboxEvent['kind'][] },
  watermark: number,
  limit: number,
): Promise<{ events: Event[]; watermark: number; more: boolean }> {
  const { mailbox, folders } = subscription
  const answer = await context.mailboxes.eventsSince(context.caller, {
    mailbox,
    ...(folders ? { folders: [...folders] } : {}),
    watermark,
    limit,
  })
  const events = answer.events.filter(({ kind }) => subscription.events.includes(kind)).map((event) => eventElement(mailbox, event))
  return { events, watermark: answer.watermark, more: answer.more }
}

/** A notification for a client that pulls: it always holds something, a StatusEvent when there is no news. */
export function pulledNotification(
  subscription: Pick<Subscription, 'id' | 'mailbox'>,
  from: number,
  news: Awaited<ReturnType<typeof newsOf>>,
): NotificationElement {
  const Events: Event[] =
    news.events.length > 0
      ? news.events
      : [{ is: 'StatusEvent', value: { Watermark: watermarkText(subscription.mailbox, news.watermark) } }]
  return {
    SubscriptionId: subscription.id,
    PreviousWatermark: watermarkText(subscription.mailbox, from),
    MoreEvents: news.more,
    Events,
  }
}

import type { FoundConversation, Item } from '#mailbox'
import { extendedKey, pinnedUntil, pinTime, type EmailAddress, type Flag, type FlagStatus, type PropertyPath } from '#model'
import { sendTimeOf, sendTimePath } from '../compose/draft-item.ts'

/** What a row of the list shows. */
export const shownInRows: PropertyPath[] = [
  'subject',
  'from',
  'displayTo',
  'dateTimeReceived',
  'isRead',
  'isDraft',
  'hasAttachments',
  'importance',
  'categories',
  'flag',
  'itemClass',
  'preview',
  'size',
  'isSubmitted',
]
  .map((property): PropertyPath => ({ property }))
  .concat(sendTimePath, { extended: pinTime })

/** The number of an item ([MS-OXPROPS] PidTagInternetArticleNumber). */
export const itemNumber: PropertyPath = { extended: { tag: 0x0e23, type: 'Integer' } }

/** A row of a list: a message, or a conversation with the messages of it that lie in the folder, the newest first. */
export interface MessageRow {
  ref: { mailbox: string; id: number }
  /** The messages that the row stands for. */
  items: { mailbox: string; id: number }[]
  conversation?: string
  /** How many messages the conversation has, wherever they lie. */
  messages: number
  folder?: number
  subject: string | undefined
  from: EmailAddress | undefined
  to: string | undefined
  received: number | undefined
  isRead: boolean
  isDraft: boolean
  isPinned: boolean
  hasAttachments: boolean
  importance: 'Low' | 'Normal' | 'High' | undefined
  categories: string[]
  flag: FlagStatus
  itemClass: string | undefined
  preview: string | undefined
  size: number | undefined
  /** When the site sends it: it waits among the drafts. */
  sendAt?: number | undefined
}

/** The row of a message. */
export function rowOfMessage(item: Item): MessageRow {
  const { ref: { mailbox, id }, head, properties, extended } = item // prettier-ignore
  return {
    ref: { mailbox, id },
    items: [{ mailbox, id }],
    messages: 1,
    folder: head.folder,
    subject: properties.subject as string | undefined,
    from: properties.from as EmailAddress | undefined,
    to: properties.displayTo as string | undefined,
    received: properties.dateTimeReceived as number | undefined,
    isRead: properties.isRead === true,
    isDraft: properties.isDraft === true,
    isPinned: extended[extendedKey(pinTime)]?.value === pinnedUntil,
    hasAttachments: properties.hasAttachments === true,
    importance: properties.importance as MessageRow['importance'],
    categories: (properties.categories ?? []) as string[],
    flag: (properties.flag as Flag | undefined)?.status ?? 'NotFlagged',
    itemClass: properties.itemClass as string | undefined,
    preview: properties.preview as string | undefined,
    size: properties.size as number | undefined,
    sendAt: sendTimeOf(item),
  }
}

/** The row of a conversation: what its messages of the folder say together. `folder`: absent = they lie in several. */
export function rowOfConversation({ ref, topic, local, global, preview }: FoundConversation, folder?: number): MessageRow {
  const { mailbox } = ref
  const items = local.items.map(({ id }) => ({ mailbox, id }))
  return {
    ref: { mailbox, id: local.items[0]?.id ?? 0 },
    items,
    conversation: ref.conversation,
    messages: global.messages,
    ...(folder === undefined ? {} : { folder }),
    subject: topic,
    from: { name: local.senders.join('; ') },
    to: local.recipients.join('; '),
    received: local.lastDelivery,
    isRead: local.unread === 0,
    isDraft: local.items.some(({ isDraft }) => isDraft),
    isPinned: false,
    hasAttachments: local.hasAttachments,
    importance: local.importance,
    categories: local.categories,
    flag: local.flagStatus,
    itemClass: local.itemClasses[0],
    preview,
    size: local.size,
  }
}

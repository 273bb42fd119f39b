import { z } from 'zod'
import { extendedKey, pinnedUntil, pinTime, Refusal, type Body, type EmailAddress, type Flag, type Properties } from '#model'
import type { ItemRef, SeenAttachment } from '#mailbox'
import { itemRef, plainRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'

const shown = ['subject', 'from', 'sender', 'toRecipients', 'ccRecipients', 'dateTimeReceived', 'dateTimeSent', 'isRead', 'isDraft', 'importance', 'categories', 'flag', 'itemClass', 'attachments', 'replyTo', 'internetMessageId', 'size', 'hasBlockedImages'] // prettier-ignore

/** Bytes of a body that, as HTML, is surely shown whole. */
const large = 150_000

async function isCut({ caller, mailboxes }: WebContext, ref: ItemRef): Promise<boolean> {
  const [item] = await mailboxes.getItems(caller, [ref], {
    ...{ shape: 'ids', bodyType: 'HTML', filterHtml: true },
    paths: [{ property: 'body' }],
  })
  return item !== undefined && !(item instanceof Refusal) && (item.properties.body as Body | undefined)?.truncated === true
}

/** One message without its body, which comes as a document of its own (`messageFrame`). */
export const message = verb(z.object({ item: itemRef }), async (context, { item: ref }) => {
  const { caller, mailboxes } = context
  const [item] = await mailboxes.getItems(caller, [plainRef(ref)], {
    ...{ shape: 'ids', blockImages: true },
    paths: [...shown.map((property) => ({ property })), { extended: pinTime }],
  })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The message is not there any more.')
  const { properties, extended, head, rights } = item
  return {
    ref: { mailbox: item.ref.mailbox, id: item.ref.id },
    change: head.change,
    folder: { mailbox: item.ref.mailbox, id: head.folder },
    ...letterOf(properties),
    sent: properties.dateTimeSent as number | undefined,
    isRead: properties.isRead === true,
    isDraft: properties.isDraft === true,
    isPinned: extended[extendedKey(pinTime)]?.value === pinnedUntil,
    importance: properties.importance as 'Low' | 'Normal' | 'High' | undefined,
    categories: (properties.categories ?? []) as string[],
    flag: properties.flag as Flag | undefined,
    itemClass: properties.itemClass as string | undefined,
    size: properties.size as number | undefined,
    /** There are pictures that would be fetched from elsewhere. */
    hasRemotePictures: properties.hasBlockedImages === true,
    /** The text is longer than `messageFrame` shows: the whole is in the source. */
    isCut: item.bodySize > large && (await isCut(context, item.ref)),
    rights: { modify: rights.modify, delete: rights.delete },
  }
})

/** What stands above a message, and its files. */
export function letterOf(properties: Properties) {
  const people = (name: string) => (properties[name] ?? []) as EmailAddress[]
  return {
    subject: properties.subject as string | undefined,
    from: properties.from as EmailAddress | undefined,
    sender: properties.sender as EmailAddress | undefined,
    to: people('toRecipients'),
    cc: people('ccRecipients'),
    replyTo: people('replyTo'),
    received: properties.dateTimeReceived as number | undefined,
    attachments: ((properties.attachments ?? []) as SeenAttachment[]).map(({ number, name, contentType, size, inline, kind }) => ({
      ...{ number, name, contentType, size, inline, kind },
    })),
  }
}

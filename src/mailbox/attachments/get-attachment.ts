import { Refusal, type Caller } from '#model'
import type { ReadTx } from '#store'
import type { Item, ItemRef, NewAttachment, SeenAttachment, Wanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { loadAttachment } from '../items/stored.ts'
import { seenItem } from '../items/target.ts'
import { accessTo } from '../permissions/access.ts'
import { withMeeting } from './attached-meeting.ts'
import { nestedRow, readAttached } from './attached-item.ts'
import { contentBytes } from './prepare.ts'

/** An attachment with its content: a file's bytes, the attached item, or where a linked file lies (in the row). */
export interface AttachmentContent {
  row: SeenAttachment
  content?: Uint8Array
  item?: Item
}

const notThere = () => new Refusal('InvalidAttachmentId', 'There is no such attachment.')

/** What a path of numbers (from 1) leads to from an item, through items attached to each other. Not there → InvalidAttachmentId. */
export async function attachmentAt(
  tx: ReadTx,
  ref: ItemRef,
  [number = 0, ...further]: readonly number[],
): Promise<{ row: SeenAttachment; attachment: NewAttachment }> {
  const stored = await tx.attachments.get(ref.mailbox, ref.id, number)
  if (!stored) throw notThere()
  let attachment = await loadAttachment(tx, stored)
  let row: SeenAttachment = attachment.link ? { ...stored, link: attachment.link } : stored
  for (const next of further) {
    const inner = attachment.item?.attachments?.[next - 1]
    if (!inner) throw notThere()
    row = nestedRow(stored, next, inner)
    attachment = inner
  }
  return { row, attachment }
}

/** [MS-OXWSATT] 3.1.4.3 GetAttachment; `path` leads through attached items, numbers from 1. Not there → InvalidAttachmentId. */
export async function getAttachment(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  path: number[],
  wanted: Wanted = { shape: 'all' },
): Promise<AttachmentContent> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const { target, row, attachment } = await ctx.store.read(async (tx) => {
    const holder = await seenItem(tx, access, ref)
    return { target: holder, ...(await attachmentAt(tx, ref, path)) }
  })
  await ctx.binds?.messages(access, [target])
  if (attachment.item) return { row, item: await readAttached(await withMeeting(ctx, ref.mailbox, attachment.item), row, target, wanted) }
  return attachment.link ? { row } : { row, content: contentBytes(attachment) }
}

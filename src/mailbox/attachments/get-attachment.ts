import { Refusal, type Caller } from '#model'
import type { AttachmentRow, ReadTx } from '#store'
import type { Item, ItemRef, NewItemInput, Wanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { seenItem, type Target } from '../items/target.ts'
import { accessTo } from '../permissions/access.ts'
import { nestedRow, readAttached } from './attached-item.ts'
import { contentBytes, parseAttachedItem } from './prepare.ts'

/** An attachment with its content: a file's bytes, or the attached item. */
export interface AttachmentContent {
  row: AttachmentRow
  content?: Uint8Array
  item?: Item
}

const notThere = () => new Refusal('InvalidAttachmentId', 'There is no such attachment.')

/** [MS-OXWSATT] 3.1.4.3 GetAttachment; `path` leads through attached items, numbers from 1. Not there → InvalidAttachmentId. */
export async function getAttachment(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  path: number[],
  wanted: Wanted = { shape: 'all' },
): Promise<AttachmentContent> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return ctx.store.read(async (tx) => {
    const target = await seenItem(tx, access, ref)
    const [number, ...further] = path
    const row = number === undefined ? undefined : await tx.attachments.get(ref.mailbox, ref.id, number)
    if (!row) throw notThere()
    return within(tx, target, row, further, wanted)
  })
}

async function within(tx: ReadTx, target: Target, row: AttachmentRow, path: readonly number[], wanted: Wanted): Promise<AttachmentContent> {
  const bytes = await tx.blobs.get(row.mailbox, row.blob)
  if (row.kind === 'file') {
    if (path.length > 0) throw notThere()
    return { row, content: bytes }
  }
  let at = row
  let item: NewItemInput = parseAttachedItem(bytes)
  for (const [index, number] of path.entries()) {
    const inner = item.attachments?.[number - 1]
    if (!inner) throw notThere()
    at = nestedRow(row, number, inner)
    if (!inner.item) {
      if (index < path.length - 1) throw notThere()
      return { row: at, content: contentBytes(inner) }
    }
    item = inner.item
  }
  return { row: at, item: await readAttached(item, at, target, wanted) }
}

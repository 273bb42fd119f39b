import type { Caller } from '#model'
import type { ReadTx } from '#store'
import type { ItemRef, NewAttachment } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { loadAttachment } from '../items/stored.ts'
import { seenItem } from '../items/target.ts'
import { accessTo } from '../permissions/access.ts'
import { attachmentAt } from './get-attachment.ts'

/**
 * The attachments of an item, or of the attached item that a path leads to, as they stand, with what is attached to attached items;
 * `inline`: those that its body shows. A content id that stands twice in mail received stays with the first (interop 1.14).
 */
export async function copyAttachments(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  path: number[],
  which: 'all' | 'inline',
): Promise<NewAttachment[]> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const wanted = ({ inline }: { inline?: boolean }): boolean => which === 'all' || inline === true
  const { target, found } = await ctx.store.read(async (tx) => {
    const holder = await seenItem(tx, access, ref)
    if (path.length === 0) return { target: holder, found: await stored(tx, ref, wanted) }
    const { attachment } = await attachmentAt(tx, ref, path)
    return { target: holder, found: (attachment.item?.attachments ?? []).filter(wanted) }
  })
  await ctx.binds?.messages(access, [target])
  const ids = new Set<string>()
  return found.map(({ contentId = '', ...one }) => {
    const isKnown = ids.has(contentId.toLowerCase())
    ids.add(contentId.toLowerCase())
    return isKnown ? one : { ...one, contentId }
  })
}

async function stored(tx: ReadTx, ref: ItemRef, wanted: (row: { inline?: boolean }) => boolean): Promise<NewAttachment[]> {
  const all: NewAttachment[] = []
  for (const row of await tx.attachments.list(ref.mailbox, ref.id)) if (wanted(row)) all.push(await loadAttachment(tx, row))
  return all
}

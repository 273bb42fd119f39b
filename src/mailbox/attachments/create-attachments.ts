import type { Caller } from '#model'
import type { AttachmentRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { Item, ItemRef, NewAttachment } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { storedFolder } from '../folders/resolve.ts'
import { keepVersion } from '../holds/versions.ts'
import { checkAttachments } from '../items/check-attachments.ts'
import { changeItem } from '../items/change.ts'
import { requireItemRight, targetItem, type Target } from '../items/target.ts'
import { accessTo, itemRights, type Access } from '../permissions/access.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import { takingInto } from '../quotas/gauge.ts'
import { prepareAttachment } from './prepare.ts'

/** The item after its attachments changed, its ids alone; its version was kept before. */
export async function touched(tx: WriteTx, ctx: MailboxContext, access: Access, target: Target): Promise<{ row: ItemRow; item: Item }> {
  const row = await changeItem(tx, ctx, target.row, { attachments: true, unversioned: true, modifiedBy: access.caller })
  await audit(tx, ctx, access, { operation: 'Update', item: row, folder: target.folder, changed: ['attachments'] })
  const rights = itemRights(access, target.folder, row)
  return { row, item: await readItem(tx, row, target.folder, rights, { shape: 'ids' }, readOptions(access)) }
}

/** The attachments that an item keeps when these come: a contact has one picture, the last that it was given, as its clients expect. */
async function withoutOldPhoto(tx: WriteTx, { mailbox, id, kind }: ItemRow, added: readonly NewAttachment[]): Promise<AttachmentRow[]> {
  const rows = await tx.attachments.list(mailbox, id)
  if (kind !== 'contact' || !added.some(({ photo }) => photo)) return rows
  for (const { number, photo } of rows) if (photo) await tx.attachments.remove(mailbox, id, number)
  return rows.filter(({ photo }) => !photo)
}

/** [MS-OXWSATT] 3.1.4.1 CreateAttachment. The item's change key moves. Refuses as `checkAttachments` and the size limit. */
export async function createAttachments(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  attachments: NewAttachment[],
): Promise<{ attachments: AttachmentRow[]; item: Item }> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const insert = await prepareAttachments(ctx, access, ref, attachments)
  return ctx.store.write(async (tx) => {
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'modify')
    const rows = await insert(tx, target.row)
    const { item } = await touched(tx, ctx, access, target)
    return { attachments: rows, item }
  })
}

/**
 * Puts the content of new attachments on disk, for who may change the item; what comes back inserts them in a write, which looks
 * again. Refuses as `createAttachments`.
 */
export async function prepareAttachments(
  ctx: MailboxContext,
  access: Access,
  ref: ItemRef,
  attachments: NewAttachment[],
): Promise<(tx: WriteTx, row: ItemRow) => Promise<AttachmentRow[]>> {
  checkAttachments(attachments)
  if (attachments.length > 0) await ctx.store.read(async (tx) => requireItemRight(await targetItem(tx, access, ref), 'modify'))
  const prepared: Awaited<ReturnType<typeof prepareAttachment>>[] = []
  for (const attachment of attachments) prepared.push(await prepareAttachment(ctx, attachment))
  const take = await takingInto(ctx, access)
  return async (tx, row) => {
    const { mailbox, id: item } = row
    const bytes = prepared.reduce((sum, { row: { size } }) => sum + size, 0)
    await take(tx, bytes, await storedFolder(tx, { mailbox, id: row.folder }), { of: row })
    if (prepared.length > 0) await keepVersion(tx, ctx, row, ['attachments'])
    const before = await withoutOldPhoto(tx, row, attachments)
    checkAttachments(
      attachments,
      before.map((row) => row.contentId),
    )
    const rows: AttachmentRow[] = []
    for (const { row: attachment, blob } of prepared) {
      await tx.blobs.put(mailbox, blob)
      rows.push(await tx.attachments.insert({ ...attachment, mailbox, item }))
    }
    return rows
  }
}

import type { Recipient } from '#directory'
import { Refusal, type Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import { prepareRow } from '../items/move-item.ts'
import { insertItem, loadItem, removeItem } from '../items/stored.ts'
import { lastFolder } from '../recoverable/deleted-folders.ts'
import { placeOf } from '../folders/place.ts'
import { keepingOf } from '../recoverable/keeping.ts'
import { makeRoom } from '../recoverable/room.ts'
import type { Access } from '../permissions/access.ts'
import { lastActiveParent } from '../recoverable/relocate.ts'
import { folderInArchive, noArchive, usualArchive } from './archive-folders.ts'

/**
 * Moves an item to its owner's archive, to the same folder there, with all that is known of it. No archive → ArchiveMailboxNotEnabled, a full one →
 * QuotaExceeded; changed since it was read → StaleObject. The item where it lies now. `also` runs in the same write before anything is done: what it
 * throws leaves the item where it is. `by` = who asks for it, for the mailbox's audit log.
 */
export async function moveToArchive(
  ctx: MailboxContext,
  owner: Recipient,
  row: ItemRow,
  { also, by }: { also?: (tx: WriteTx) => Promise<void>; by?: Access } = {},
): Promise<ItemRow> {
  const { archive } = owner
  if (!archive) throw noArchive()
  const item = await ctx.store.read((tx) => loadItem(tx, row))
  const prepared = await prepareRow(ctx, row, item)
  return ctx.store.write(async (tx) => {
    await also?.(tx)
    const now = await tx.items.get(row.mailbox, row.id)
    const folder = now && (await tx.folders.get(now.mailbox, now.folder))
    if (!now || !folder || now.change !== row.change) throw new Refusal('StaleObject', 'The item was changed while it was archived.')
    const to = await folderInArchive(tx, archive.mailbox, folder, ctx.clock())
    const size = (await tx.mailboxes.get(archive.mailbox))?.size ?? 0
    if (size + now.size > (archive.quota ?? usualArchive.quota)) {
      throw new Refusal('QuotaExceeded', 'The archive is full: an administrator raises ArchiveQuota.', { mailbox: archive.mailbox })
    }
    if ((await placeOf(tx, to)) === 'recoverable') await makeRoom(tx, archive.mailbox, await keepingOf(tx, archive.mailbox), now.size)
    const { created, modified } = row
    const properties = { ...prepared.row.properties, ...(await ownOf(tx, ctx, archive.mailbox, now)) }
    const moved = await insertItem(tx, archive.mailbox, to.id, { ...prepared, row: { ...prepared.row, created, modified, properties } })
    if (by) await audit(tx, ctx, by, { operation: 'Move', item: now, folder, to })
    // Nothing is lost: it lies in the archive of the same owner, kept by the same holds.
    await removeItem(tx, now)
    return moved
  })
}

/** What the server keeps of an item beside its properties; the folder that it was deleted from is the archive's own. */
async function ownOf(tx: WriteTx, ctx: MailboxContext, archive: string, row: ItemRow): Promise<Properties> {
  const { $lastActiveParent: _, $copiedFrom: __, $wentWith: ___, ...others } = row.properties
  const own = Object.fromEntries(Object.entries(others).filter(([name]) => name.startsWith('$')))
  const before = lastActiveParent(row)
  const parent = before === undefined ? undefined : await folderOf(tx, row.mailbox, before)
  return { ...own, ...(parent ? { $lastActiveParent: (await folderInArchive(tx, archive, parent, ctx.clock())).id } : {}) }
}

/** The folder with this number, or the one that was made of it when it was brought back. */
async function folderOf(tx: WriteTx, mailbox: string, number: number): Promise<FolderRow | undefined> {
  return (await tx.folders.get(mailbox, number)) ?? (await lastFolder(tx, mailbox, number)).folder
}

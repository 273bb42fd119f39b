import { setImmediate } from 'node:timers/promises'
import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { DeleteType, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { rememberFolder, removalOf, stampedFolder } from '../recoverable/deleted-folders.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { keepingOf, keptSince } from '../recoverable/keeping.ts'
import { refusePublicRoot } from '../public-folders/limits.ts'
import { placeOf } from './place.ts'
import { requireOwnTree } from './require-tree.ts'
import { folderFor } from './resolve.ts'

/** A name that no child of the folder has: the name itself, else with a number behind it. */
export async function freeName(tx: WriteTx, parent: FolderRow, name: string, self: number): Promise<string> {
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? name : `${name}${number}`
    const taken = await tx.folders.childNamed(parent.mailbox, parent.id, candidate)
    if (!taken || taken.id === self) return candidate
  }
}

/**
 * [MS-OXWSFOLD] 3.1.4.4 DeleteFolder. To Deleted Items it moves as a whole; otherwise it is emptied in bounded steps and removed, its
 * items going where the type says; what it was is remembered (`restoreFolder`); public ones have no Deleted Items to go to. A default folder → DeleteDistinguishedFolder;
 * folders below that are not the caller's → AccessDenied.
 */
export async function deleteFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, type: DeleteType): Promise<void> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const moved = await ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, access, ref)
    refusePublicRoot(access, folder, 'DeleteFolder')
    if (folder.kind !== '') throw new Refusal('DeleteDistinguishedFolder', `'${folder.name}' is a default folder.`)
    requireRights(access, folder, folderRights.owner)
    const bin = type === 'MoveToDeletedItems' ? await tx.folders.byKind(folder.mailbox, 'deleteditems') : undefined
    const place = await placeOf(tx, folder)
    if (!bin || place !== 'other') {
      await requireOwnTree(tx, access, folder)
      return folder.id
    }
    await tx.folders.update(folder.mailbox, folder.id, {
      parent: bin.id,
      name: await freeName(tx, bin, folder.name, folder.id),
      modified: ctx.clock(),
      properties: stampedFolder(folder, place, 'deleted'),
    })
    await audit(tx, ctx, access, { operation: 'MoveToDeletedItems', folder, to: bin })
    return undefined
  })
  if (moved !== undefined) await removeTree(ctx, access, moved, type)
}

/** Items that come in faster than they are taken out end the removal after so many rounds over one folder. */
const rounds = 50

/** Removes a folder and everything below, the deepest first, in bounded steps; items go where the type says. */
export async function removeTree(ctx: MailboxContext, by: Access, root: number, type: DeleteType): Promise<void> {
  const { mailbox, caller } = by
  const { ids, removal } = await ctx.store.read(async (tx) => {
    const top = await tx.folders.get(mailbox, root)
    const rows = [...(top ? [top] : []), ...(await tx.folders.tree(mailbox, root)).filter((row) => row.id !== root)]
    return { ids: rows.map((row) => row.id), removal: await removalOf(ctx, tx, caller, rows) }
  })
  const removeEmpty = (id: number, last: boolean) =>
    ctx.store.write(async (tx) => {
      const folder = await tx.folders.get(mailbox, id)
      if (!folder) return true
      if (folder.total + folder.associatedTotal > 0 && !last) return false
      const leavesNothing = type === 'HardDelete' && (await createDisposer(tx, ctx, mailbox).leavesNothing())
      if (!leavesNothing && (await placeOf(tx, folder)) !== 'recoverable') {
        await rememberFolder(tx, ctx, removal, folder, keptSince(await keepingOf(tx, mailbox), ctx.clock()))
      }
      await audit(tx, ctx, by, { operation: type === 'HardDelete' ? 'HardDelete' : 'SoftDelete', folder })
      await tx.folders.remove(mailbox, id)
      return true
    })
  for (const id of ids.reverse()) {
    for (let round = 1, gone = false; !gone; round++) {
      await emptyItems(ctx, by, id, type, true)
      gone = await removeEmpty(id, round === rounds)
    }
  }
}

/** Takes every item out of a folder in bounded steps; `removing`: the folder goes too, and they with it. */
export async function emptyItems(ctx: MailboxContext, by: Access, id: number, type: DeleteType, removing = false): Promise<void> {
  for (;;) {
    const left = await ctx.store.write((tx) => emptySome(tx, ctx, by, id, type, removing))
    if (left === 0) return
    await setImmediate()
  }
}

async function emptySome(tx: WriteTx, ctx: MailboxContext, by: Access, id: number, type: DeleteType, removing: boolean): Promise<number> {
  const { mailbox } = by
  const folder = await tx.folders.get(mailbox, id)
  if (!folder) return 0
  const disposer = createDisposer(tx, ctx, mailbox, by, removing)
  const gone = type === 'HardDelete' || (await placeOf(tx, folder)) === 'recoverable'
  // A calendar's items go one by one: each is written into the calendar's log.
  const isCalendar = /^IPF\.Appointment\b/i.test(folder.folderClass ?? '')
  if (gone && !isCalendar && (await disposer.leavesNothing())) return tx.items.removeSome(mailbox, id, itemsOfOneWrite)
  let done = 0
  for (const associated of [false, true]) {
    const rows = await tx.items.rows({
      mailbox,
      folders: [id],
      associated,
      order: [{ column: 'id', descending: false }],
      limit: itemsOfOneWrite,
    })
    for (const row of rows) await disposer.dispose(row, folder, associated ? 'HardDelete' : type)
    done += rows.length
  }
  return done
}

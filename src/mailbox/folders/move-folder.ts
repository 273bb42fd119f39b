import { folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ReadTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { carry, prepareRow } from '../items/move-item.ts'
import { loadItem } from '../items/stored.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { stampedFolder } from '../recoverable/deleted-folders.ts'
import { refuseMaking } from '../recoverable/folder.ts'
import { refusePublicRoot } from '../public-folders/limits.ts'
import { takingInto, type Taking } from '../quotas/gauge.ts'
import { copiedFolders, copySeen, itemPages, planTreeCopy, type FolderPair } from './copy-folder.ts'
import { folderSeen } from './get-folder.ts'
import { placeOf } from './place.ts'
import { requireReadableTree } from './require-tree.ts'
import { folderFor } from './resolve.ts'

/** Refuses a target that lies within the folder itself → MoveCopyFailed. */
export async function requireNoLoop(tx: ReadTx, folder: FolderRow, target: FolderRow): Promise<void> {
  if (folder.mailbox !== target.mailbox) return
  for (let at: FolderRow | undefined = target; at; at = at.parent === 0 ? undefined : await tx.folders.get(at.mailbox, at.parent)) {
    if (at.id === folder.id) throw new Refusal('MoveCopyFailed', 'A folder cannot be put into itself.')
  }
}

/**
 * [MS-OXWSFOLD] 3.1.4.8 MoveFolder; the folder keeps its id within the mailbox. A default folder → MoveDistinguishedFolder, a name taken →
 * FolderExists. Into another mailbox its items go one by one, for who owns and may read all of it; nothing that arrives meanwhile is lost.
 */
export async function moveFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  const source = await accessTo(ctx, caller, ref.mailbox)
  if (to.mailbox !== ref.mailbox) return moveAcross(ctx, caller, ref, to)
  return ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, source, ref)
    refusePublicRoot(source, folder, 'MoveFolder')
    if (folder.kind !== '') throw new Refusal('MoveDistinguishedFolder', `'${folder.name}' is a default folder.`)
    requireRights(source, folder, folderRights.owner)
    const target = await folderFor(tx, source, to, 'ToFolderNotFound')
    requireRights(source, target, folderRights.createSubfolder)
    await refuseMaking(tx, target)
    await requireNoLoop(tx, folder, target)
    const properties = stampedFolder(folder, await placeOf(tx, folder), await placeOf(tx, target))
    const row = await tx.folders.update(folder.mailbox, folder.id, { parent: target.id, modified: ctx.clock(), properties })
    await audit(tx, ctx, source, { operation: 'Move', folder, to: target })
    return folderSeen(source, row)
  })
}

/** Items that come in faster than they are carried over end the move after so many rounds over one folder. */
const rounds = 50

async function moveAcross(ctx: MailboxContext, caller: Caller, ref: FolderRef, to: FolderRef): Promise<Folder> {
  const plan = await planTreeCopy(ctx, caller, ref, to)
  await ctx.store.read((tx) => requireReadableTree(tx, plan.source, plan.tree[0] as FolderRow))
  const pairs: FolderPair[] = []
  for await (const pair of copiedFolders(plan)) pairs.push(pair)
  const take = await takingInto(ctx, plan.target)
  for (const pair of pairs.toReversed()) await carryOver(ctx, plan.source, pair, take)
  return copySeen(plan, pairs[0]?.to as FolderRow)
}

/** Carries a folder's items over, each in one write, until there is nothing left and the folder can go. */
async function carryOver(ctx: MailboxContext, by: Access, { from, to }: FolderPair, take: Taking): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const associated of [false, true]) await carryItems(ctx, by, { from, to }, associated, take)
    const gone = await ctx.store.write(async (tx) => {
      const now = await tx.folders.get(from.mailbox, from.id)
      if (!now) return true
      if (now.total + now.associatedTotal > 0) return false
      await audit(tx, ctx, by, { operation: 'Move', folder: now, to })
      await tx.folders.remove(from.mailbox, from.id)
      return true
    })
    if (gone) return
  }
  throw new Refusal('MoveCopyFailed', `New items keep coming into '${from.name}'. What was moved is in its copy; move the rest again.`)
}

/** Carries over what lies in the folder now; an item changed meanwhile stays for the next round. */
async function carryItems(ctx: MailboxContext, by: Access, { from, to }: FolderPair, associated: boolean, take: Taking): Promise<void> {
  for await (const rows of itemPages(ctx, from, associated)) {
    for (const row of rows) {
      const item = await ctx.store.read((tx) => loadItem(tx, row))
      const prepared = await prepareRow(ctx, row, item)
      await ctx.store.write(async (tx) => {
        const now = await tx.items.get(row.mailbox, row.id)
        if (now?.change !== row.change) return
        await take(tx, prepared.row.size, to)
        await carry(tx, ctx, { row: now, folder: from }, to, { prepared, change: row.change }, by)
      })
    }
  }
}

import type { ItemKind } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { expireLogs } from '../audit/expire.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { forgetFolders } from './deleted-folders.ts'
import { recoverableKinds } from './folder.ts'
import { keepingOf, keptSince, keptUntil, type Keeping } from './keeping.ts'
import { mayGo } from './may-go.ts'
import { deletedOn } from './relocate.ts'

/** In this order; the logs, whose entries have ages of their own, come last. */
const kinds = [...recoverableKinds, 'logs'] as const

/** Where a walk over Recoverable Items goes on: the folder's kind and the last item that was looked at. */
export interface ExpiryCursor {
  kind: (typeof kinds)[number]
  item: number
}

/**
 * Lets go of what has lain in Recoverable Items for its time, the oldest first, in steps of one write each; ends after about `limit` items.
 * What is held goes out of its owner's sight. Answers how many went, and where to go on (undefined = all was seen).
 */
export async function expireRecoverable(
  ctx: Pick<MailboxContext, 'store' | 'clock'>,
  mailbox: string,
  { from, limit }: { from?: ExpiryCursor; limit: number },
): Promise<{ gone: number; next: ExpiryCursor | undefined }> {
  let gone = 0
  let seen = 0
  let next: ExpiryCursor | undefined = from ?? { kind: kinds[0], item: 0 }
  while (next && seen < limit) {
    const at: ExpiryCursor = next
    const result = await ctx.store.write((tx) => expireSome(tx, ctx, mailbox, at))
    gone += result.gone
    seen += result.seen
    next = result.next
  }
  return { gone, next }
}

async function expireSome(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  mailbox: string,
  { kind, item }: ExpiryCursor,
): Promise<{ gone: number; seen: number; next: ExpiryCursor | undefined }> {
  if (kind === 'logs') {
    const gone = await expireLogs(tx, mailbox, ctx.clock(), itemsOfOneWrite)
    return { gone, seen: gone, next: gone < itemsOfOneWrite ? undefined : { kind, item: 0 } }
  }
  const following = kinds[kinds.indexOf(kind) + 1]
  const onwards = following && { kind: following, item: 0 }
  const folder = await tx.folders.byKind(mailbox, kind)
  const keeping = await keepingOf(tx, mailbox)
  // The folders that were removed are remembered as long as anything of theirs could be brought back.
  await forgetFolders(tx, mailbox, keptSince(keeping, ctx.clock()), itemsOfOneWrite)
  const rows = folder ? await pageOf(tx, folder, item) : []
  // Nothing of it goes: it is not looked at again each day.
  if (keeping.litigationHold === Infinity && kind !== 'recoverableitemsdeletions') return { gone: 0, seen: 0, next: onwards }
  if (!folder || rows.length === 0) return { gone: 0, seen: 0, next: onwards }
  const now = ctx.clock()
  let gone = 0
  for (const row of rows) {
    // Deletions lie in the order in which they came: what comes after one that is too young is younger. What is purged keeps its day.
    if (kind === 'recoverableitemsdeletions' && deletedOn(row) + keeping.retention > now) return { gone, seen: rows.length, next: onwards }
    if (await letGo(tx, ctx, keeping, row, folder)) gone++
  }
  return { gone, seen: rows.length, next: rows.length < itemsOfOneWrite ? onwards : { kind, item: rows.at(-1)!.id } }
}

function pageOf(tx: WriteTx, folder: FolderRow, after: number): Promise<ItemRow[]> {
  const { mailbox, id } = folder
  return tx.items.rows({
    mailbox,
    folders: [id],
    associated: false,
    order: [{ column: 'id', descending: false }],
    after: [after],
    limit: itemsOfOneWrite,
  })
}

/** True when the item is gone. */
async function letGo(tx: WriteTx, ctx: Pick<MailboxContext, 'clock'>, keeping: Keeping, row: ItemRow, folder: FolderRow): Promise<boolean> {
  if (keptUntil(keeping, row.kind as ItemKind, deletedOn(row)) > ctx.clock()) return false
  if (!(await mayGo(tx, ctx, keeping, row, folder))) return false
  await tx.items.remove(row.mailbox, row.id)
  return true
}

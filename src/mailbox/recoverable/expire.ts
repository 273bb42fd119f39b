import { isClosedKind, type ItemKind } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { expireLogs } from '../audit/expire.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { forgetFolders } from './deleted-folders.ts'
import { recoverableFolders } from './folder.ts'
import { keepingOf, keptSince, keptUntil, type Keeping } from './keeping.ts'
import { mayGo } from './may-go.ts'
import { deletedOn } from './relocate.ts'

/**
 * Where a walk over Recoverable Items goes on: folder by folder by their numbers, in each first what people see of it, then what is associated, behind the
 * item that was looked at last. The logs, whose entries have ages of their own, come last.
 */
export type ExpiryCursor = 'logs' | { folder: number; associated: boolean; item: number }

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
  let next: ExpiryCursor | undefined = from ?? { folder: 0, associated: false, item: 0 }
  while (next && seen < limit) {
    const at: ExpiryCursor = next
    const result: Awaited<ReturnType<typeof expireSome>> = await ctx.store.write((tx) => expireSome(tx, ctx, mailbox, at))
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
  at: ExpiryCursor,
): Promise<{ gone: number; seen: number; next: ExpiryCursor | undefined }> {
  const now = ctx.clock()
  const keeping = await keepingOf(tx, mailbox)
  if (at === 'logs') {
    const gone = await expireLogs(tx, mailbox, now, itemsOfOneWrite)
    // The folders that were removed are remembered as long as anything of theirs could be brought back.
    const forgotten = await forgetFolders(tx, mailbox, keptSince(keeping, now), itemsOfOneWrite)
    return { gone, seen: gone + forgotten, next: Math.max(gone, forgotten) < itemsOfOneWrite ? undefined : 'logs' }
  }
  const part = (await partsOf(tx, mailbox, keeping)).find((one) => isFrom(one, at))
  if (!part) return { gone: 0, seen: 0, next: 'logs' }
  const { folder, associated } = part
  const isSame = folder.id === at.folder && associated === at.associated
  const rows = await pageOf(tx, part, isSame ? at.item : 0)
  const onwards = { folder: associated ? folder.id + 1 : folder.id, associated: !associated, item: 0 }
  const ended: number[] = []
  let next: ExpiryCursor = rows.length < itemsOfOneWrite ? onwards : { folder: folder.id, associated, item: rows.at(-1)!.id }
  for (const row of rows) {
    // Deletions lie in the order in which they came: what comes after one that is too young is younger. What is purged keeps its day.
    const isYoung = folder.kind === 'recoverableitemsdeletions' && deletedOn(row) + keeping.retention > now
    if (isYoung) {
      next = onwards
      break
    }
    if (await hasEnded(tx, ctx, keeping, row, folder)) ended.push(row.id)
  }
  return { gone: await tx.items.removeListed(mailbox, folder.id, ended), seen: rows.length, next }
}

/** What people see of a folder, or what is associated with it. */
interface Part {
  folder: FolderRow
  associated: boolean
}

const isFrom = ({ folder: { id }, associated }: Part, at: { folder: number; associated: boolean }): boolean =>
  id > at.folder || (id === at.folder && (associated || !at.associated))

/** All that holds anything which may go, by number. While everything is held for good, nothing of what is out of sight is looked at again each day. */
async function partsOf(tx: WriteTx, mailbox: string, keeping: Keeping): Promise<Part[]> {
  const folders = (await recoverableFolders(tx, mailbox)).toSorted((a, b) => a.id - b.id)
  return folders.flatMap((folder) => {
    const isHeld = keeping.litigationHold === Infinity && isClosedKind(folder.kind)
    return [
      ...(folder.total > 0 && !isHeld ? [{ folder, associated: false }] : []),
      ...(folder.associatedTotal > 0 ? [{ folder, associated: true }] : []),
    ]
  })
}

function pageOf(tx: WriteTx, { folder: { mailbox, id }, associated }: Part, after: number): Promise<ItemRow[]> {
  const order = [{ column: 'id' as const, descending: false }]
  return tx.items.rows({ mailbox, folders: [id], associated, order, after: [after], limit: itemsOfOneWrite })
}

/** True when the item's time is over and nothing keeps it. */
async function hasEnded(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  keeping: Keeping,
  row: ItemRow,
  folder: FolderRow,
): Promise<boolean> {
  return keptUntil(keeping, row.kind as ItemKind, deletedOn(row)) <= ctx.clock() && (await mayGo(tx, ctx, keeping, row, folder))
}

import { Refusal, type Caller, type ItemKind } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import { itemKey } from '../audit/entry.ts'
import { logCalendar } from '../calendar/log/write.ts'
import type { FolderRef, Item, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { keepVersion } from '../holds/versions.ts'
import { auditCreated, makerOf, requireCreate } from '../items/create-item.ts'
import { prepareItem, type PreparedItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import { requireItemRight, seenItem, targetItem, type Target } from '../items/target.ts'
import { accessTo, itemRights, type Access } from '../permissions/access.ts'
import { hasHiddenOccurrences } from '../permissions/private-occurrences.ts'
import { takingInto } from '../quotas/gauge.ts'
import { arriving, landing } from '../recoverable/arrival.ts'
import { readOptions } from '../properties/options.ts'
import { readItem as readView } from '../properties/read.ts'
import type { TransferVerbs, UploadHow } from './contract.ts'
import { readItem, writeItem } from './stream.ts'

/** The verbs that carry whole items as bytes. */
export function createTransfer(ctx: MailboxContext): TransferVerbs {
  return {
    exportItem: (caller, item) => exportItem(ctx, caller, item),
    uploadItem: (caller, folder, bytes, options) => uploadItem(ctx, caller, folder, bytes, options),
  }
}

/** [MS-OXWSBTRF] 3.1.4.1. Occurrences that the caller may not see are left out of their series. */
async function exportItem(ctx: MailboxContext, caller: Caller, ref: ItemRef): Promise<{ bytes: Uint8Array; change: number }> {
  if (ref.occurrence !== undefined) {
    throw new Refusal('CalendarCannotMoveOrCopyOccurrence', 'An occurrence is exported with its series; name the series.')
  }
  const access = await accessTo(ctx, caller, ref.mailbox)
  const { row, folder, bytes } = await ctx.store.read(async (tx) => {
    const seen = await seenItem(tx, access, ref)
    return { ...seen, bytes: await writeItem(tx, seen.row) }
  })
  await ctx.binds?.messages(access, [{ row, folder }])
  return { bytes, change: row.change }
}

/** [MS-OXWSBTRF] 3.1.4.2. */
async function uploadItem(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  bytes: Uint8Array,
  options: UploadHow & { associated: boolean },
): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const prepared = await prepareUpload(ctx, access, bytes, options.associated)
  const take = await takingInto(ctx, access)
  return ctx.store.write(async (tx) => {
    const named = await folderFor(tx, access, ref)
    const target = options.how === 'create' ? undefined : await replaced(tx, access, named, options)
    const there = await landing(tx, ctx, named)
    const folder = target ? named : there.folder
    await take(tx, prepared.row.size - (target?.row.size ?? 0), folder, { of: target?.row })
    const row = target
      ? await replace(tx, ctx, access, target, prepared)
      : await insert(tx, access, folder, arriving(ctx, there.place, prepared))
    if (target) await audit(tx, ctx, access, { operation: 'Update', item: row, folder })
    else await auditCreated(tx, ctx, access, row, folder)
    return readView(tx, row, folder, itemRights(access, folder, row), { shape: 'ids' }, readOptions(access))
  })
}

/** The item of a stream as it is to be stored. Its maker is who uploads; only who may do everything says who changed it last. */
async function prepareUpload(ctx: MailboxContext, access: Access, bytes: Uint8Array, associated: boolean): Promise<PreparedItem> {
  const { item, attachmentsModified } = readItem(bytes)
  const { lastModifiedName } = item.properties
  const maker = makerOf(access)
  const modifiedBy = access.full && typeof lastModifiedName === 'string' ? lastModifiedName : maker.modifiedBy
  const prepared = await prepareItem(ctx, { ...item, associated }, { ...maker, modifiedBy })
  const attachments = prepared.attachments.map((one, n) => ({ ...one, modified: attachmentsModified[n] ?? one.modified }))
  return { ...prepared, attachments }
}

async function insert(tx: WriteTx, access: Access, folder: FolderRow, prepared: PreparedItem): Promise<ItemRow> {
  requireCreate(access, folder, prepared.row.kind as ItemKind, prepared.row.associated)
  return insertItem(tx, folder.mailbox, folder.id, prepared)
}

/** The item that is replaced; undefined where it does not lie in the folder and a new one may take its place (MS-OXWSBTRF_R235). */
async function replaced(
  tx: WriteTx,
  access: Access,
  folder: FolderRow,
  { how, item }: Exclude<UploadHow, { how: 'create' }>,
): Promise<Target | undefined> {
  const row = item.mailbox === folder.mailbox && item.occurrence === undefined ? await tx.items.get(item.mailbox, item.id) : undefined
  if (row?.folder === folder.id) return targetItem(tx, access, item)
  if (how === 'updateOrCreate') return undefined
  // MS-OXWSBTRF_R231
  throw new Refusal('ItemNotFound', `The folder '${folder.name}' has no such item.`)
}

/** Puts everything of a prepared item in the place of a stored one, which keeps its id and its maker (MS-OXWSBTRF_R229). */
async function replace(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  target: Target,
  { row, blobs, attachments, text }: PreparedItem,
): Promise<ItemRow> {
  const { row: before, folder } = target
  requireItemRight(target, 'modify')
  if (hasHiddenOccurrences(access, folder, before)) {
    throw new Refusal('AccessDenied', 'The series has private occurrences, which you would overwrite unseen.')
  }
  if (row.kind !== before.kind || row.associated !== before.associated) {
    throw new Refusal('ObjectTypeChanged', 'The item of the data is of another kind than the one it is to replace.')
  }
  const { mailbox, id } = before
  await keepVersion(tx, ctx, before, ['subject', 'body', 'attachments'])
  await logCalendar(tx, ctx, before, folder, { deed: 'Update', by: access.caller, changed: ['mimeContent'] })
  for (const blob of blobs) await tx.blobs.put(mailbox, blob)
  for (const { number } of await tx.attachments.list(mailbox, id)) await tx.attachments.remove(mailbox, id, number)
  for (const attachment of attachments) await tx.attachments.insert({ ...attachment, mailbox, item: id })
  const properties = { ...row.properties, $creator: String(before.properties.$creator ?? ''), $searchKey: itemKey(before) }
  return tx.items.update(mailbox, id, { ...row, properties }, text)
}

import { extendedKey, Refusal, type Caller, type ExtendedProperty } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderSeen } from '../folders/get-folder.ts'
import { placeOf } from '../folders/place.ts'
import { folderFor, storedFolder } from '../folders/resolve.ts'
import { prepareNew } from '../items/create-item.ts'
import type { PreparedItem } from '../items/prepare.ts'
import { insertItem, removeItem } from '../items/stored.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import { gaugeFor } from '../quotas/gauge.ts'
import { quotasFor } from '../settings/quotas.ts'
import type { Share, ShareChanges, SharedData, ShareOffer } from './contract.ts'

/** The setting of a mailbox that keeps what its owner accepted. */
const sharesSetting = 'shares'
const mostShares = 200
/** What is kept of the other side's words: bytes of its sync state, characters of its id of an item. */
const longestState = 64 * 1024
const longestRemote = 2048
/** Items of one local folder. */
const mostItems = 10_000
const together = 500
const folderClasses: Readonly<Record<SharedData, string>> = { Calendar: 'IPF.Appointment', Contacts: 'IPF.Contact' }

/** Under which a copy keeps the other side's id of what it is a copy of. */
const remoteIdProperty: ExtendedProperty = { set: '00062040-0000-0000-c000-000000000046', name: 'SharedItemId', type: 'String' }
const remoteIdKey = extendedKey(remoteIdProperty)
const remoteIdOf = ({ extended }: ItemRow): string => String(extended[remoteIdKey]?.value ?? '')

async function ownAccess(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'What others share with somebody is for them alone.')
  return access
}

async function sharesIn(tx: ReadTx, mailbox: string): Promise<{ settings: Record<string, unknown>; shares: Share[] }> {
  const settings = (await tx.mailboxes.get(mailbox))?.settings ?? {}
  return { settings, shares: (settings[sharesSetting] as Share[] | undefined) ?? [] }
}

/** Writes what is known of one share in the place of what was known of it. */
async function keep(tx: WriteTx, mailbox: string, share: Share): Promise<void> {
  const { settings, shares } = await sharesIn(tx, mailbox)
  const others = shares.filter((one) => !isSame(one, share))
  await tx.mailboxes.saveSettings(mailbox, { ...settings, [sharesSetting]: [...others, share] })
}

const isSame = (one: ShareOffer, other: ShareOffer): boolean => one.sharer === other.sharer && one.sharedFolder === other.sharedFolder

/** See `SharingVerbs.acceptShare`. An invitation that comes again keeps the folder and brings everything anew: it may show more, or less. */
export async function acceptShare(ctx: MailboxContext, caller: Caller, mailbox: string, offer: ShareOffer): Promise<Folder> {
  const access = await ownAccess(ctx, caller, mailbox)
  return ctx.store.write(async (tx) => {
    const { shares } = await sharesIn(tx, mailbox)
    const known = shares.find((one) => isSame(one, offer))
    if (!known && shares.length >= mostShares) {
      throw new Refusal('DataSizeLimitExceeded', `A mailbox keeps at most ${mostShares} folders that others share; delete one first.`)
    }
    const { row, share } = await localFolder(ctx, tx, mailbox, { ...offer, folder: known?.folder ?? 0 })
    await keep(tx, mailbox, share)
    return folderSeen(access, row)
  })
}

/** See `SharingVerbs.sharingFolder`. */
export async function sharingFolder(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  of: { sharer: string } & ({ data: SharedData } | { sharedFolder: string }),
): Promise<Folder> {
  const access = await ownAccess(ctx, caller, mailbox)
  const isMeant = (share: Share) =>
    share.sharer === of.sharer.toLowerCase() && ('data' in of ? share.data === of.data : share.sharedFolder === of.sharedFolder)
  return ctx.store.write(async (tx) => {
    const known = (await sharesIn(tx, mailbox)).shares.find(isMeant)
    if (!known)
      throw new Refusal('FolderNotFound', `No such folder of ${of.sharer.slice(0, 320)} was accepted: accept an invitation first.`)
    const { row, share } = await localFolder(ctx, tx, mailbox, known)
    if (share !== known) await keep(tx, mailbox, share)
    return folderSeen(access, row)
  })
}

/** The folder with the copies; where it is gone, or lies among what was deleted, a new one, into which everything is copied anew. */
async function localFolder(ctx: MailboxContext, tx: WriteTx, mailbox: string, share: Share): Promise<{ row: FolderRow; share: Share }> {
  const there = share.folder > 0 ? await tx.folders.get(mailbox, share.folder) : undefined
  if (there && (await placeOf(tx, there)) === 'other') return { row: there, share }
  const root = await storedFolder(tx, { mailbox, kind: 'msgfolderroot' })
  const row = await tx.folders.insert({
    mailbox,
    parent: root.id,
    kind: '',
    name: await freeName(tx, root, `${share.title} (${share.sharerName || share.sharer})`),
    folderClass: folderClasses[share.data],
    hidden: false,
    created: ctx.clock(),
    properties: {},
    extended: {},
    permissions: root.permissions,
  })
  const { state: _, refreshed: __, ...rest } = share
  return { row, share: { ...rest, folder: row.id } }
}

async function freeName(tx: ReadTx, root: FolderRow, wanted: string): Promise<string> {
  const name = wanted.replaceAll(/\s+/g, ' ').trim().slice(0, 200)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`
    if (!(await tx.folders.childNamed(root.mailbox, root.id, candidate))) return candidate
  }
}

/** See `SharingVerbs.shareOf`. */
export async function shareOf(ctx: MailboxContext, caller: Caller, ref: FolderRef): Promise<Share> {
  const access = await ownAccess(ctx, caller, ref.mailbox)
  return ctx.store.read(async (tx) => (await shareAt(tx, access, ref)).share)
}

async function shareAt(tx: ReadTx, access: Access, ref: FolderRef): Promise<{ row: FolderRow; share: Share }> {
  const row = await folderFor(tx, access, ref)
  const share = (await sharesIn(tx, row.mailbox)).shares.find(({ folder }) => folder === row.id)
  if (!share) throw new Refusal('MissingInformationSharingFolderId', `'${row.name}' is no copy of a folder that somebody else shares.`)
  return { row, share }
}

/** What of a page is too long to be kept; undefined for a page that can be applied. */
export function tooLongIn({
  put,
  removed,
  state,
}: Pick<ShareChanges, 'removed' | 'state'> & { put: readonly { remote: string }[] }): string | undefined {
  if (Buffer.byteLength(state) > longestState) return `a sync state of more than ${longestState} bytes`
  const isTooLong = [...put.map(({ remote }) => remote), ...removed].some((remote) => remote.length > longestRemote)
  return isTooLong ? `an item id of more than ${longestRemote} characters` : undefined
}

/** See `SharingVerbs.applyShare`. An item that cannot be read is left out and logged: one that is broken keeps nobody from the others. */
export async function applyShare(ctx: MailboxContext, caller: Caller, ref: FolderRef, changes: ShareChanges): Promise<boolean> {
  const access = await ownAccess(ctx, caller, ref.mailbox)
  const { put, removed, anew, from, key, state } = changes
  const tooLong = tooLongIn(changes)
  if (tooLong) throw new Refusal('DataSizeLimitExceeded', `The other side gave ${tooLong}: nothing is copied.`)
  const prepared: PreparedItem[] = []
  for (const { remote, input } of put) {
    const extended = { [remoteIdKey]: { type: 'String', value: remote } } as const
    try {
      prepared.push(await prepareNew(ctx, access, { ...input, extended }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      ctx.log.warn({ event: 'sharing', mailbox: ref.mailbox, code: error.code }, `an item that is shared was not copied: ${error.message}`)
    }
  }
  const quotasOf = await quotasFor(ctx, access.owner, access.mailbox)
  // What comes takes the place of what was copied of it, whatever the other side calls it.
  const gone = new Set([...removed, ...put.map(({ remote }) => remote)])
  return ctx.store.write(async (tx) => {
    const { row, share } = await shareAt(tx, access, ref)
    if (share.state !== from || share.key !== key) return false
    const copies = anew || gone.size > 0 ? await copiesIn(tx, row) : []
    const leaving = copies.filter((copy) => anew || gone.has(remoteIdOf(copy)))
    const there = await tx.items.count({ mailbox: row.mailbox, folders: [row.id], associated: false })
    if (there - leaving.length + prepared.length > mostItems) {
      throw new Refusal('DataSizeLimitExceeded', `At most ${mostItems} items of a shared folder are copied.`)
    }
    // Copies of what is somebody else's are not held, as subscriptions are not: what they are of is held there.
    // A client can say of anything that it is one: what the server has not marked so itself, a hold keeps.
    const { release } = createDisposer(tx, ctx, row.mailbox)
    for (const copy of leaving) await (copy.properties.$sharedCopy === true ? removeItem(tx, copy) : release(copy))
    const gauge = await gaugeFor(tx, ctx, row.mailbox, quotasOf)
    const size = prepared.reduce((sum, item) => sum + item.row.size, 0)
    if (size > 0 && !(await gauge.fits(size))) {
      throw new Refusal('QuotaExceeded', `The mailbox has no room for the copies in '${row.name}': delete something first.`)
    }
    await gauge.take(size)
    for (const item of prepared) {
      const properties = { ...item.row.properties, $sharedCopy: true }
      await insertItem(tx, row.mailbox, row.id, { ...item, row: { ...item.row, properties } })
    }
    await keep(tx, row.mailbox, { ...share, state, refreshed: ctx.clock() })
    return true
  })
}

/** Every item of the local folder that is a copy; what people put there themselves is theirs. */
async function copiesIn(tx: ReadTx, folder: FolderRow): Promise<ItemRow[]> {
  const copies: ItemRow[] = []
  for (let after = Number.MAX_SAFE_INTEGER; ;) {
    const rows = await tx.items.rows({
      mailbox: folder.mailbox,
      folders: [folder.id],
      associated: false,
      order: [{ column: 'id', descending: true }],
      where: { column: 'id', is: '<', value: after },
      limit: together,
    })
    copies.push(...rows.filter((row) => remoteIdOf(row) !== ''))
    if (rows.length < together) return copies
    after = rows.at(-1)?.id ?? 0
  }
}

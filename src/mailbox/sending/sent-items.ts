import { extendedKey, Refusal, type Caller } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderSeen } from '../folders/get-folder.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { placeOf } from '../folders/place.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import { folderEntryId, folderOfEntryId } from '../recoverable/entry-id.ts'

/**
 * Where sent items are saved is said by PidTagIpmSentMailEntryId of the top of the mailbox's folders, so that it moves with the mailbox and EWS
 * clients set it as any other property of a folder: an entry id as ConvertId gives it, or the 22 bytes of LastActiveParentEntryID.
 */
const sentMail = { tag: 0x35e4, type: 'Binary' } as const
const sentMailKey = extendedKey(sentMail)

/** An entry id of a folder: where in its 46 bytes the mailbox and the folder's number stand ([MS-OXCDATA] 2.2.4.1). */
const entryId = { length: 46, mailbox: 4, folder: 38 } as const

/** The folder that an entry id names; undefined for what is none, or one of another mailbox. */
function numberIn(value: unknown, mailbox: string): number | undefined {
  if (typeof value !== 'string') return undefined
  const bytes = Buffer.from(value, 'base64')
  const plain = Buffer.from(mailbox.replaceAll('-', ''), 'hex')
  if (bytes.length === entryId.length) {
    const isHere = bytes.subarray(entryId.mailbox, entryId.mailbox + plain.length).equals(plain)
    return isHere ? bytes.readUIntBE(entryId.folder, 6) : undefined
  }
  const named = folderOfEntryId(bytes.toString('hex'))
  return named?.mailbox === mailbox.toLowerCase() ? named.folder : undefined
}

/** True for a folder in which mail can be looked for: one for mail, and not among what is deleted. */
async function isFitting(tx: ReadTx, folder: FolderRow): Promise<boolean> {
  const isForMail = /^ipf\.note(\.|$)/i.test(folder.folderClass ?? 'IPF.Note')
  return isForMail && folder.parent !== 0 && !isSearchFolder(folder) && (await placeOf(tx, folder)) === 'other'
}

/** Where sent items of a mailbox are saved. */
export interface SentItemsFolders {
  /** The folder that the owner has chosen, as long as it is there and fitting; else Sent Items. */
  target: FolderRow
  /** That and Sent Items: a client that saves for itself uses one of them. */
  all: readonly FolderRow[]
}

/** Reads where sent items are saved. A mailbox that is not there, or without Sent Items → undefined. */
export async function sentItemsFolders(tx: ReadTx, mailbox: string): Promise<SentItemsFolders | undefined> {
  const usual = await tx.folders.byKind(mailbox, 'sentitems')
  if (!usual) return undefined
  const top = await tx.folders.byKind(mailbox, 'msgfolderroot')
  const number = numberIn(top?.extended[sentMailKey]?.value, mailbox)
  const chosen = number === undefined || number === usual.id ? undefined : await tx.folders.get(mailbox, number)
  return chosen && (await isFitting(tx, chosen)) ? { target: chosen, all: [chosen, usual] } : { target: usual, all: [usual] }
}

async function accessToChoice(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (access.full) return access
  throw new Refusal('AccessDenied', 'Where sent items are saved is for the mailbox’s owner to say.')
}

/** See `SendingVerbs.sentItemsFolder`. */
export async function sentItemsFolder(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Folder> {
  const access = await accessToChoice(ctx, caller, mailbox)
  const folders = await ctx.store.read((tx) => sentItemsFolders(tx, mailbox))
  if (!folders) throw new Refusal('FolderNotFound', "The mailbox has no folder 'sentitems'.", { mailbox })
  return folderSeen(access, folders.target)
}

/** See `SendingVerbs.saveSentItemsTo`. */
export async function saveSentItemsTo(ctx: MailboxContext, caller: Caller, mailbox: string, ref: FolderRef | undefined): Promise<void> {
  const access = await accessToChoice(ctx, caller, mailbox)
  await ctx.store.write(async (tx) => {
    const top = await folderFor(tx, access, { mailbox, kind: 'msgfolderroot' })
    const { [sentMailKey]: _, ...others } = top.extended
    const extended = ref ? { ...others, [sentMailKey]: { type: sentMail.type, value: await choiceOf(tx, access, ref) } } : others
    await tx.folders.update(mailbox, top.id, { extended, modified: ctx.clock() })
  })
}

async function choiceOf(tx: ReadTx, access: Access, ref: FolderRef): Promise<string> {
  const folder = ref.mailbox === access.mailbox ? await folderFor(tx, access, ref) : undefined
  if (folder && (await isFitting(tx, folder))) return Buffer.from(folderEntryId(folder.mailbox, folder.id)).toString('base64')
  throw new Refusal(
    'InvalidFolderTypeForOperation',
    `Sent items are saved in a mail folder of the same mailbox: '${folder?.name ?? ''}' is none. Name one that is not among what is deleted.`,
  )
}

import type { ItemRef } from '#mailbox'
import { isPublicMailbox, Refusal } from '#model'
import { compressedLength, compressId, decompressId } from './compression.ts'
import { decodeStoreId, guidBytes, guidText, itemStoreIdLength, malformed, writeStoreId } from './store-id.ts'

/** What an EWS id names. `attachments`: numbers from the outermost attachment inward; `folder`: of an item in a public folder, that folder. */
export type EwsId =
  | { type: 'item'; mailbox: string; id: number; occurrence?: number; attachments?: number[]; folder?: number }
  | { type: 'folder'; mailbox: string; id: number }
  | { type: 'conversation'; mailbox: string; conversation: string }

/** Storage types ([MS-OXWSITEMID] 2.1.3.2). */
const smtpAddressBased = 0
const publicFolder = 1
const publicFolderItem = 2
const mailboxGuidBased = 3
const conversationGuidBased = 4
/** Processing instructions ([MS-OXWSITEMID] 2.1.3.2). */
const normal = 0
const recurrence = 1
/** The longest id in bytes, before base64. */
const limit = 383
const deepestAttachment = 16

/** An EWS id as text: base64 of the documented form ([MS-OXWSITEMID] 2.1.3), compressed where that is shorter. */
export function encodeEwsId(id: EwsId): string {
  return packed(id, mailboxGuidBased, id.mailbox)
}

/** The form of Exchange 2007 before SP1, which names the mailbox by its primary SMTP address. */
export function encodeLegacyEwsId(id: EwsId, address: string): string {
  return packed(id, smtpAddressBased, address)
}

/** Ids are put together here, one at a time: lists are full of them. Longer than any id, whose address has at most 571 bytes. */
const plain = Buffer.alloc(1024)
/** The byte that says whether the rest is compressed, and the rest. */
const out = Buffer.alloc(1 + compressedLength(plain.length))

/** MS-OXWSITEMID_R17 to R19: compressed when that is smaller. */
function packed(id: EwsId, storage: number, moniker: string): string {
  const length = writeBody(id, storage, moniker)
  const size = compressId(plain.subarray(0, length), out.subarray(1))
  const shorter = size < length
  out[0] = shorter ? 1 : 0
  if (!shorter) plain.copy(out, 1, 0, length)
  return out.toString('base64', 0, 1 + Math.min(size, length))
}

/** Writes the parts of an id one after the other; gives their length in bytes. */
function writeBody(id: EwsId, storage: number, moniker: string): number {
  plain.fill(0)
  if (id.type !== 'conversation' && isPublicMailbox(id.mailbox)) {
    if (id.type === 'folder') return writePublicFolder(id)
    const isPlain = id.occurrence === undefined && !id.attachments?.length
    if (id.folder !== undefined && isPlain) return writePublicItem(id, id.folder)
  }
  plain[0] = id.type === 'conversation' ? conversationGuidBased : storage
  let at = 3 + plain.write(moniker, 3)
  plain.writeInt16LE(at - 3, 1)
  const ofOccurrence = id.type === 'item' && id.occurrence !== undefined
  plain[at] = ofOccurrence ? recurrence : normal
  const store = at + 3
  if (id.type === 'conversation') at = store + plain.write(id.conversation, store, 'hex')
  else at = store + writeStoreId(plain, store, { mailbox: id.mailbox, kind: id.type, id: id.id })
  if (ofOccurrence) at = plain.writeBigInt64LE(BigInt(id.occurrence ?? 0), at)
  plain.writeInt16LE(at - store, store - 2)
  if (id.type !== 'item' || !id.attachments?.length) return at
  plain[at++] = id.attachments.length
  for (const number of id.attachments) {
    at = plain.writeInt16LE(4, at)
    at = plain.writeUInt32LE(number, at)
  }
  return at
}

/** A public folder's id is its store id alone: whose mailbox it lies in is nobody's business. */
function writePublicFolder({ mailbox, id }: Extract<EwsId, { type: 'folder' }>): number {
  plain[0] = publicFolder
  return writeStore(1, { mailbox, kind: 'folder', id })
}

/** MS-OXWSITEMID_R44: how it is to be processed, the item's store id, its folder's. */
function writePublicItem({ mailbox, id }: Extract<EwsId, { type: 'item' }>, folder: number): number {
  plain[0] = publicFolderItem
  plain[1] = normal
  return writeStore(writeStore(2, { mailbox, kind: 'item', id }), { mailbox, kind: 'folder', id: folder })
}

/** A store id behind its length; gives where it ends. */
function writeStore(at: number, id: Parameters<typeof writeStoreId>[2]): number {
  const length = writeStoreId(plain, at + 2, id)
  plain.writeInt16LE(length, at)
  return at + 2 + length
}

/** Reads any EWS id. Refuses InvalidIdEmpty, InvalidIdMalformed, InvalidIdStoreObjectIdTooLong. */
export function decodeEwsId(text: string): EwsId {
  if (text === '') throw new Refusal('InvalidIdEmpty', 'The id is empty.')
  const bytes = unpack(text)
  if (isOfPublicFolders(bytes)) return decodePublic(bytes)
  const { storage, moniker, instruction, store, rest } = take(bytes)
  if (storage !== mailboxGuidBased && storage !== conversationGuidBased) throw malformed(`storage type ${storage} is not served here`)
  const mailbox = guidText(guidBytes(moniker))
  if (storage === conversationGuidBased) {
    if (store.length !== 16 || rest.length > 0) throw malformed('a conversation id has 16 bytes')
    return { type: 'conversation', mailbox, conversation: store.toString('hex') }
  }
  const named = decodeNamed(instruction, store, rest)
  if (named.mailbox !== mailbox) throw malformed('its two mailboxes differ')
  if (named.type === 'folder' && isPublicMailbox(mailbox)) throw malformed('a public folder has an id of another storage type')
  return named
}

const isOfPublicFolders = (bytes: Buffer): boolean => bytes[0] === publicFolder || bytes[0] === publicFolderItem

/** MS-OXWSITEMID_R46, R47, R48: the parts, each behind its length, and nothing behind them. */
function decodePublic(bytes: Buffer): Extract<EwsId, { id: number }> {
  if (bytes[0] === publicFolder) {
    const { store, end } = takeStore(bytes, 1)
    if (end !== bytes.length || store.kind !== 'folder' || !isPublicMailbox(store.mailbox)) throw malformed('it names no public folder')
    return { type: 'folder', mailbox: store.mailbox, id: store.id }
  }
  if (bytes[1] !== normal) throw malformed(`processing instruction ${bytes[1]} is unknown`)
  const item = takeStore(bytes, 2)
  const folder = takeStore(bytes, item.end)
  const { mailbox, id } = item.store
  const fits = item.store.kind === 'item' && folder.store.kind === 'folder' && folder.store.mailbox === mailbox && isPublicMailbox(mailbox)
  if (!fits || folder.end !== bytes.length) throw malformed('it names no item in a public folder')
  return { type: 'item', mailbox, id, folder: folder.store.id }
}

function takeStore(bytes: Buffer, at: number): { store: ReturnType<typeof decodeStoreId>; end: number } {
  if (at + 2 > bytes.length) throw malformed('it is too short')
  const end = at + 2 + bytes.readInt16LE(at)
  if (end < at + 2 || end > bytes.length) throw malformed('it is too short')
  return { store: decodeStoreId(bytes.subarray(at + 2, end)), end }
}

/** Reads the form of `encodeLegacyEwsId`; refuses InvalidIdMalformedEwsLegacyIdFormat. Public folders name no address. */
export function decodeLegacyEwsId(text: string): EwsId & { address: string } {
  try {
    const bytes = unpack(text)
    if (isOfPublicFolders(bytes)) return { ...decodePublic(bytes), address: '' }
    const { storage, moniker, instruction, store, rest } = take(bytes)
    if (storage !== smtpAddressBased) throw malformed(`storage type ${storage} is not the legacy one`)
    return { ...decodeNamed(instruction, store, rest), address: moniker }
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal('InvalidIdMalformedEwsLegacyIdFormat', error.message)
    throw error
  }
}

function decodeNamed(instruction: number, store: Buffer, rest: Buffer): Extract<EwsId, { id: number }> {
  if (instruction === recurrence) {
    if (store.length !== itemStoreIdLength + 8) throw malformed('an occurrence id has another length')
    const { mailbox, id } = decodeStoreId(store.subarray(0, itemStoreIdLength))
    const occurrence = Number(store.readBigInt64LE(itemStoreIdLength))
    if (!Number.isSafeInteger(occurrence)) throw malformed('its start is out of range')
    return { type: 'item', mailbox, id, occurrence, ...attachmentsOf(rest) }
  }
  if (instruction !== normal) throw malformed(`processing instruction ${instruction} is unknown`)
  const { mailbox, kind, id } = decodeStoreId(store)
  if (kind === 'item') return { type: 'item', mailbox, id, ...attachmentsOf(rest) }
  if (rest.length > 0) throw malformed('it goes on behind its end')
  return { type: 'folder', mailbox, id }
}

function attachmentsOf(rest: Buffer): { attachments?: number[] } {
  if (rest.length === 0) return {}
  const count = rest[0] as number
  if (count > deepestAttachment) {
    throw new Refusal('InvalidIdTooManyAttachmentLevels', `The id leads through more than ${deepestAttachment} attachments.`)
  }
  if (count === 0 || rest.length !== 1 + count * 6) throw malformed('its attachment part has another length')
  const attachments: number[] = []
  for (let at = 1; at < rest.length; at += 6) {
    if (rest.readInt16LE(at) !== 4) throw malformed('its attachment part has another length')
    attachments.push(rest.readUInt32LE(at + 2))
  }
  return { attachments }
}

function unpack(text: string): Buffer {
  if (text.length > 1024) throw new Refusal('InvalidIdStoreObjectIdTooLong', 'The id is too long.')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length < 8 || bytes.toString('base64') !== text) throw malformed('it is not base64')
  if (bytes[0] === 0) return bytes.subarray(1)
  if (bytes[0] !== 1) throw malformed(`compression ${bytes[0]} is unknown`)
  return Buffer.from(decompressId(bytes.subarray(1), limit))
}

function take(plain: Buffer): { storage: number; moniker: string; instruction: number; store: Buffer; rest: Buffer } {
  if (plain.length < 4) throw malformed('it is too short')
  const monikerEnd = 3 + plain.readInt16LE(1)
  if (monikerEnd < 3 || monikerEnd + 3 > plain.length) throw malformed('it is too short')
  const storeStart = monikerEnd + 3
  const storeEnd = storeStart + plain.readInt16LE(monikerEnd + 1)
  if (storeEnd < storeStart || storeEnd > plain.length) throw malformed('it is too short')
  return {
    storage: plain[0] as number,
    moniker: plain.toString('utf8', 3, monikerEnd),
    instruction: plain[monikerEnd] as number,
    store: plain.subarray(storeStart, storeEnd),
    rest: plain.subarray(storeEnd),
  }
}

/** The id text of an item, or of one occurrence of a series. */
export function itemIdText(ref: ItemRef): string {
  const { mailbox, id, occurrence } = ref
  return encodeEwsId({ type: 'item', mailbox, id, ...(occurrence === undefined ? {} : { occurrence }) })
}

/** The id text of a folder. */
export function folderIdText(mailbox: string, id: number): string {
  return encodeEwsId({ type: 'folder', mailbox, id })
}

/** The id text of an attachment; `path` names attachments of attached items from the outermost inward. */
export function attachmentIdText(ref: ItemRef, path: number[]): string {
  const { mailbox, id, occurrence } = ref
  return encodeEwsId({ type: 'item', mailbox, id, ...(occurrence === undefined ? {} : { occurrence }), attachments: path })
}

/** The id text of a conversation (32 hex digits). */
export function conversationIdText(mailbox: string, conversation: string): string {
  return encodeEwsId({ type: 'conversation', mailbox, conversation })
}

/** The item an id names. A folder's id → CannotUseFolderIdForItemId; an attachment's → InvalidOperation, for it can only be read. */
export function itemRefOf(text: string): ItemRef {
  const id = decodeEwsId(text)
  if (id.type === 'folder') throw new Refusal('CannotUseFolderIdForItemId', 'A folder id stands where an item id is wanted.')
  if (id.type !== 'item') throw malformed('it names no item')
  if (id.attachments) {
    throw new Refusal('InvalidOperation', 'The id names an attachment, which can only be read, or taken off with DeleteAttachment.')
  }
  return { mailbox: id.mailbox, id: id.id, ...(id.occurrence === undefined ? {} : { occurrence: id.occurrence }) }
}

/** The folder an id names. An item's id → CannotUseItemIdForFolderId. */
export function folderRefOf(text: string): { mailbox: string; id: number } {
  const id = decodeEwsId(text)
  if (id.type === 'item') throw new Refusal('CannotUseItemIdForFolderId', 'An item id stands where a folder id is wanted.')
  if (id.type !== 'folder') throw malformed('it names no folder')
  return { mailbox: id.mailbox, id: id.id }
}

/** The attachment an id names, with its item. Anything else → InvalidAttachmentId. */
export function attachmentRefOf(text: string): { item: ItemRef; path: number[] } {
  const id = decodeEwsId(text)
  if (id.type !== 'item' || !id.attachments) throw new Refusal('InvalidAttachmentId', 'The id names no attachment.')
  const item = { mailbox: id.mailbox, id: id.id, ...(id.occurrence === undefined ? {} : { occurrence: id.occurrence }) }
  return { item, path: id.attachments }
}

/** The attachment an id names, when it is one's. */
export function isAttachmentId(text: string): boolean {
  const id = decodeEwsId(text)
  return id.type === 'item' && id.attachments !== undefined
}

/** The conversation an id names. Anything else → InvalidIdMalformed. */
export function conversationRefOf(text: string): { mailbox: string; conversation: string } {
  const id = decodeEwsId(text)
  if (id.type !== 'conversation') throw malformed('it names no conversation')
  return { mailbox: id.mailbox, conversation: id.conversation }
}

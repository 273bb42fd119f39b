import { isPublicMailbox, Refusal } from '#model'

/**
 * The store id inside an EWS id: a long-term entry id as MAPI clients know them ([MS-OXCDATA] 2.2.4.1 folders, 2.2.4.2
 * messages). Four flag bytes, provider UID (the mailbox GUID), type, replica GUID (derived from the mailbox GUID), counter of
 * six bytes (the change number that is the object's id), padding. Of public folders the provider UID is that of all of them, and the replica GUID
 * alone says which mailbox.
 */
export interface StoreId {
  mailbox: string
  kind: 'item' | 'folder'
  id: number
}

export const folderStoreIdLength = 46
export const itemStoreIdLength = 70
/** Those of private folders and messages; of public ones they are higher by two. */
const folderType = 1
const messageType = 7
const publicType = 2
const publicProvider = Buffer.from('1a447390aa6611cd9bc800aa002fc45a', 'hex')
const largestCounter = 2 ** 48 - 1

/** What makes a replica GUID of a mailbox GUID. */
const replicaMask = Buffer.from('5d1f8a36c2e94b70a1973ce4580b6df2', 'hex')

/** The 16 bytes of a GUID written as text, in the order of the text. */
export function guidBytes(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) throw malformed('its mailbox GUID is none')
  return bytes
}

/** The text of 16 bytes, lower case. */
export function guidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Writes the 16 bytes of a mailbox GUID. */
function writeGuid(out: Buffer, at: number, mailbox: string): void {
  if (out.write(mailbox.replaceAll('-', ''), at, 16, 'hex') !== 16) throw malformed('its mailbox GUID is none')
}

/** Writes the GUID under which a mailbox counts its changes: 16 bytes. */
export function writeReplica(out: Buffer, at: number, mailbox: string): void {
  writeGuid(out, at, mailbox)
  mask(out, at)
}

/** Turns a mailbox GUID into its replica GUID, and back. */
function mask(out: Buffer, at: number): void {
  for (let byte = 0; byte < 16; byte++) out[at + byte] = (out[at + byte] as number) ^ (replicaMask[byte] as number)
}

/** The mailbox that a store id says it is of. */
function mailboxOf(id: Buffer): string {
  if (!id.subarray(4, 20).equals(publicProvider)) return guidText(id.subarray(4, 20))
  const mailbox = Buffer.from(id.subarray(22, 38))
  mask(mailbox, 0)
  return guidText(mailbox)
}

/** The six bytes that stand where MAPI has the folder's counter: a check on the item's own, so that a changed id is noticed. */
function writeCheck(out: Buffer, at: number, id: number): void {
  const low = id >>> 0
  const high = Math.floor(id / 2 ** 32)
  out.writeUInt32BE(Math.imul(low ^ 0x9e3779b9, 0x85ebca6b) >>> 0, at)
  out.writeUInt16BE((Math.imul(low, 0xc2b2ae35) ^ Math.imul(high + 0x27d4, 0x9e3779b1)) & 0xffff, at + 4)
}

/** Writes a store id at `at`, where the bytes are zero; gives its length in bytes. */
export function writeStoreId(out: Buffer, at: number, { mailbox, kind, id }: StoreId): number {
  const isPublic = isPublicMailbox(mailbox)
  if (isPublic) publicProvider.copy(out, at + 4)
  else writeGuid(out, at + 4, mailbox)
  out[at + 20] = (kind === 'folder' ? folderType : messageType) + (isPublic ? publicType : 0)
  writeReplica(out, at + 22, mailbox)
  if (kind === 'folder') {
    out.writeUIntBE(id, at + 38, 6)
    return folderStoreIdLength
  }
  writeCheck(out, at + 38, id)
  out.copyWithin(at + 46, at + 22, at + 38)
  out.writeUIntBE(id, at + 62, 6)
  return itemStoreIdLength
}

/** The bytes of a store id. */
export function encodeStoreId(id: StoreId): Buffer {
  const out = Buffer.alloc(itemStoreIdLength)
  return out.subarray(0, writeStoreId(out, 0, id))
}

/** Reads a store id; refuses InvalidIdMalformed when it is not one of ours. */
export function decodeStoreId(bytes: Uint8Array): StoreId {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length !== folderStoreIdLength && buffer.length !== itemStoreIdLength) throw malformed('its store id has another length')
  const kind = buffer.length === folderStoreIdLength ? 'folder' : 'item'
  const mailbox = mailboxOf(buffer)
  const id = buffer.readUIntBE(kind === 'folder' ? 38 : 62, 6)
  if (id > largestCounter || !encodeStoreId({ mailbox, kind, id }).equals(buffer)) throw malformed('its store id does not fit together')
  return { mailbox, kind, id }
}

/** The refusal of an id that cannot be read. */
export function malformed(why: string): Refusal {
  return new Refusal('InvalidIdMalformed', `The id cannot be read: ${why}.`)
}

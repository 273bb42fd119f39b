/** Bytes of the GUID, and of the folder's number behind it. */
const guidBytes = 16
const numberBytes = 6

/** LastActiveParentEntryID: the mailbox's GUID and the folder's number, most significant byte first; 22 bytes ([MS-OXCDATA] 2.2.1.3.1 without its ends). */
export function folderEntryId(mailbox: string, folder: number): Uint8Array {
  const bytes = Buffer.alloc(guidBytes + numberBytes)
  Buffer.from(mailbox.replaceAll('-', ''), 'hex').copy(bytes)
  bytes.writeUIntBE(folder, guidBytes, numberBytes)
  return bytes
}

/** The folder that 22 bytes in hexadecimal name; undefined for anything else. */
export function folderOfEntryId(hex: string): { mailbox: string; folder: number } | undefined {
  const plain = hex.trim().toLowerCase()
  if (!/^[0-9a-f]{44}$/.test(plain)) return undefined
  return { mailbox: dashed(plain), folder: Number.parseInt(plain.slice(guidBytes * 2), 16) }
}

/** The GUID in the first 32 hexadecimal digits. */
const dashed = (plain: string) => plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

/** Bytes of an item's number. */
const itemBytes = 8

/** The EntryID by which an administrator names an item of a mailbox, in hexadecimal: the mailbox's GUID and the item's number. */
export function itemEntryId(mailbox: string, item: number): string {
  const number = Buffer.alloc(itemBytes)
  number.writeBigUInt64BE(BigInt(item))
  return (mailbox.replaceAll('-', '') + number.toString('hex')).toUpperCase()
}

/** The item that an EntryID names; undefined for anything else. */
export function itemOfEntryId(hex: string): { mailbox: string; item: number } | undefined {
  const plain = hex.trim().toLowerCase()
  if (!/^[0-9a-f]{48}$/.test(plain)) return undefined
  const item = Number(BigInt(`0x${plain.slice(guidBytes * 2)}`))
  return Number.isSafeInteger(item) ? { mailbox: dashed(plain), item } : undefined
}

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
  const [, a, b, c, d, e] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(plain) ?? []
  return { mailbox: `${a}-${b}-${c}-${d}-${e}`, folder: Number.parseInt(plain.slice(guidBytes * 2), 16) }
}

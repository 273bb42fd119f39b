import { Refusal } from '#model'
import { writeReplica } from './store-id.ts'

const versionLength = 22
/** First byte of a change key: what kind of object it is of. */
const types = { folder: 1, item: 9, calendar: 13 } as const

/** Keys are put together here, one at a time. */
const key = Buffer.alloc(8 + versionLength)
key.writeUInt32LE(versionLength, 4)

/**
 * The change key of a state of an object: base64 of its type, the length of the rest, the mailbox's replica GUID and the
 * change number in six bytes ([MS-OXWSCDATA] 2.2.4.42: opaque to clients).
 */
export function changeKeyText(mailbox: string, change: number, type: keyof typeof types = 'item'): string {
  key.writeUInt32LE(types[type], 0)
  writeReplica(key, 8, mailbox)
  key.writeUIntBE(change, 24, 6)
  return key.toString('base64')
}

/** The change number in a change key of this mailbox; refuses InvalidChangeKey for any other text. */
export function changeOf(mailbox: string, text: string): number {
  const bytes = Buffer.from(text, 'base64')
  const known = bytes.length === 8 + versionLength && bytes.toString('base64') === text && bytes.readUInt32LE(4) === versionLength
  writeReplica(key, 8, mailbox)
  if (!known || !bytes.subarray(8, 24).equals(key.subarray(8, 24))) {
    throw new Refusal('InvalidChangeKey', 'The change key is not one of this mailbox.')
  }
  return bytes.readUIntBE(24, 6)
}

import { Refusal } from '#model'
import { guidBytes } from '../ids/store-id.ts'

/** The watermark of a change in a mailbox, opaque to clients ([MS-OXWSNTIF] 2.2.5.11): GUID and change number, base64. */
export function watermarkText(mailbox: string, change: number): string {
  const out = Buffer.alloc(24)
  guidBytes(mailbox).copy(out)
  out.writeUIntBE(change, 16, 6)
  return out.toString('base64')
}

/** The change number in a watermark of this mailbox; refuses InvalidWatermark. */
export function changeOfWatermark(mailbox: string, text: string): number {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== 24 || !bytes.subarray(0, 16).equals(guidBytes(mailbox))) {
    throw new Refusal('InvalidWatermark', 'The watermark is not one of this subscription.')
  }
  return bytes.readUIntBE(16, 6)
}

import { guidBytes, guidText } from '../ids/store-id.ts'

const mark = Buffer.from('isthmus', 'latin1')

/** The id of a subscription, opaque to clients ([MS-OXWSNTIF] 2.2.5.10): this server's mark and a GUID. */
export function subscriptionId(guid: string): string {
  return Buffer.concat([mark, guidBytes(guid)]).toString('base64')
}

/** The GUID in the id of a subscription; undefined for what is none of this server. */
export function guidOfSubscription(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== mark.length + 16 || !bytes.subarray(0, mark.length).equals(mark)) return undefined
  return guidText(bytes.subarray(mark.length))
}

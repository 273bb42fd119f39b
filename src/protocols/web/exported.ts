import type { FolderRef, ItemRef } from '#mailbox'
import { Refusal, type Base64 } from '#model'
import type { WebContext } from './verb.ts'

/** Items of one file. */
const most = 10_000
/** Bytes of one file. */
const largest = 50 * 1024 * 1024
const atOnce = 100

/**
 * The items of one kind in a folder, each as it is written for others (a vCard, a calendar), in the order of a property. More than 10,000, or
 * than 50 MB → DataSizeLimitExceeded: nobody takes a file for the whole that is not.
 */
export async function exported(
  context: Pick<WebContext, 'caller' | 'mailboxes'>,
  folder: FolderRef,
  { kind, by }: { kind: 'contact' | 'calendar'; by: string },
): Promise<Buffer[]> {
  const { caller, mailboxes } = context
  const refs = await refsOf(context, folder, by)
  const parts: Buffer[] = []
  let size = 0
  for (let from = 0; from < refs.length; from += atOnce) {
    for (const item of await mailboxes.getItems(caller, refs.slice(from, from + atOnce), { shape: 'ids', paths: [], mime: true })) {
      // What was deleted meanwhile is not there any more.
      if (item instanceof Refusal || item.kind !== kind) continue
      const part = Buffer.from((item.properties.mimeContent ?? '') as Base64, 'base64')
      size += part.length
      if (size > largest) throw tooMuch('50 MB')
      parts.push(part)
    }
  }
  return parts
}

/** Page by page: none gives them all. */
async function refsOf({ caller, mailboxes }: Pick<WebContext, 'caller' | 'mailboxes'>, folder: FolderRef, by: string): Promise<ItemRef[]> {
  const refs = new Map<number, ItemRef>()
  for (let offset = 0; ;) {
    const { items, total = 0 } = await mailboxes.findItems(caller, {
      folders: [folder],
      traversal: 'Shallow',
      sort: [{ path: { property: by }, descending: false }],
      view: { kind: 'indexed', offset, limit: most, from: 'Beginning' },
      wanted: { shape: 'ids' },
    })
    if (total > most) throw tooMuch(`${most} entries`)
    for (const { ref } of items) refs.set(ref.id, ref)
    offset += items.length
    if (items.length === 0 || offset >= total) return [...refs.values()]
  }
}

const tooMuch = (what: string): Refusal =>
  new Refusal('DataSizeLimitExceeded', `The folder holds more than ${what}: move part of it to another folder, and save each.`)

/** How forms are saved: a new item, or changes to one that is there. */
import { z } from 'zod'
import type { NewAttachment, PropertyChange } from '#mailbox'
import type { ItemKind, Properties } from '#model'
import type { WebContext } from './verb.ts'

const number = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** Which item a form is of; absent = a new one. `change` is what it was read at: others' changes since are not lost. */
export const savedItem = { item: number.optional(), change: number.optional() }

/** Saves a form in the caller's own mailbox. Changed by somebody since it was read → IrresolvableConflict. */
export async function saved(
  { caller, mailboxes, mailbox }: WebContext,
  { item, change }: { item?: number | undefined; change?: number | undefined },
  { kind, folder, changes, attachments = [] }: { kind: ItemKind; folder: string; changes: PropertyChange[]; attachments?: NewAttachment[] },
): Promise<{ item: number }> {
  const own = await mailbox()
  if (item === undefined) {
    const properties = Object.fromEntries(changes.flatMap((one) => (one.op === 'set' && 'property' in one.path ? [[one.path.property, one.value]] : []))) as Properties // prettier-ignore
    const { ref } = await mailboxes.createItem(caller, { mailbox: own, kind: folder }, { kind, properties, attachments })
    return { item: ref.id }
  }
  const ref = { mailbox: own, id: item }
  const seen =
    change === undefined ? ({ conflict: 'AlwaysOverwrite' } as const) : ({ conflict: 'NeverOverwrite', changeKey: change } as const)
  await mailboxes.updateItem(caller, ref, changes, seen)
  if (attachments.length > 0) await mailboxes.createAttachments(caller, ref, attachments)
  return { item }
}

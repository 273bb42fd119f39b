import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { PropertyValue } from '#model'
import type { MailboxContext } from '../context.ts'
import type { FolderRef } from '../contract.ts'
import { changeItem } from '../items/change.ts'
import type { PreparedItem } from '../items/prepare.ts'
import { sameMessageIn } from './same-message.ts'
import { sentItemsFolders } from './sent-items.ts'

/** What a client says of its copy beside the message itself. */
const marks = ['categories', 'flag'] as const

/** Whether a folder is one where the copy of what a client saves may lie already: Sent Items, or the one that the mailbox has chosen instead. */
export async function mayHoldSentCopy({ store }: Pick<MailboxContext, 'store'>, ref: FolderRef): Promise<boolean> {
  if ('kind' in ref) return ref.kind === 'sentitems'
  const { mailbox, id } = ref
  return store.read(async (tx) => {
    const kind = (await tx.folders.get(mailbox, id))?.kind
    if (kind !== '') return kind === 'sentitems'
    return (await sentItemsFolders(tx, mailbox))?.all.some((one) => one.id === id) ?? false
  })
}

/**
 * source R9, exactly one copy: the copy that the server has filed of the message that a client is about to save in the folder, marked as the
 * client wants its own marked. Undefined where there is none: the client's is to be filed.
 */
export async function sentCopyOf(
  tx: WriteTx,
  ctx: MailboxContext,
  folder: FolderRow,
  prepared: PreparedItem,
): Promise<ItemRow | undefined> {
  const { mailbox, id } = folder
  if (folder.kind !== 'sentitems' && folder.kind !== '') return undefined
  const [first] = await tx.items.byMessageId(mailbox, prepared.row.messageId, 1)
  const folders = first && !prepared.row.associated ? await sentItemsFolders(tx, mailbox) : undefined
  if (!folders?.all.some((one) => one.id === id)) return undefined
  const copy = await sameMessageIn(tx, mailbox, folders.all, prepared)
  if (copy?.properties.$sentBy === undefined) return undefined
  const set: Record<string, PropertyValue> = {}
  for (const name of marks) if (prepared.row.properties[name] !== undefined) set[name] = prepared.row.properties[name]
  return Object.keys(set).length > 0 ? changeItem(tx, ctx, copy, { set, keepMime: true, modifiedBy: String(prepared.row.properties.lastModifiedName ?? '') }) : copy // prettier-ignore
}

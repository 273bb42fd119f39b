import { ownerWithin } from '#directory'
import { isKind, pathsOf, type ItemKind } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { placeOf } from '../folders/place.ts'
import { recoverableFolder } from '../recoverable/folder.ts'
import { isHeldMailbox, keepingOf } from '../recoverable/keeping.ts'
import { stamped } from '../recoverable/relocate.ts'
import { hasRoom, isFull } from '../recoverable/room.ts'
import { holdsInForce } from './in-force.ts'

/** Of messages and posts: what a change of must not lose ("Recoverable Items folder", copy on write: subject, body, attachments, senders and recipients, dates sent and received). */
const ofMessages: ReadonlySet<string> = new Set([
  'subject', 'body', 'attachments', 'mimeContent', 'from', 'sender', 'toRecipients', 'ccRecipients', 'bccRecipients', 'replyTo',
  'dateTimeSent', 'dateTimeReceived',
]) // prettier-ignore

/** Of other items everything counts but this: read state and flag, tags of retention, and what the server counts or derives. */
const besideOthers: ReadonlySet<string> = new Set([
  'isRead', 'flag', 'policyTag', 'archiveTag', 'isUnmodified', 'changeCount', 'lastModifiedName', 'lastModifiedTime', 'reminderNextTime',
  'conversationId', 'conversationIndex', 'conversationTopic', 'isDraft', 'isSubmitted', 'isResend',
]) // prettier-ignore

/**
 * Keeps an item as it is now in Versions, where its mailbox has single item recovery or a hold and one of these properties is about to change:
 * to be called in the write of the change, before it. Drafts in Drafts need none, but what becomes a draft does. A copy that a hold asks for and
 * Recoverable Items has no room for → QuotaExceeded, unless the server itself makes the change (`mayRefuse` false: mail is not returned for it, and
 * the version is kept beyond the quota); without a hold the change goes on, and no version is kept.
 */
export async function keepVersion(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  row: ItemRow,
  changing: readonly string[],
  mayRefuse = true,
): Promise<void> {
  // What is the server's own begins with `$`.
  const shown = changing.filter((name) => !name.startsWith('$'))
  if (row.associated || shown.length === 0 || !(await asksFor(tx, row, shown))) return
  const { mailbox } = row
  const keeping = await keepingOf(tx, mailbox)
  if (!keeping.singleItemRecovery && !isHeldMailbox(keeping)) return
  const folder = await tx.folders.get(mailbox, row.folder)
  if (!folder || (folder.kind === 'drafts' && row.isDraft)) return
  if (!(await hasRoom(tx, mailbox, keeping, row.size, row.id))) {
    if (!isHeldMailbox(keeping)) return
    if (mayRefuse) throw isFull(mailbox)
  }
  const now = ctx.clock()
  const versions = await recoverableFolder(tx, mailbox, 'recoverableitemsversions', now)
  const copy = await tx.items.copy(mailbox, row.id, versions.id, now)
  const { $copiedFrom: _, ...kept } = row.properties
  const properties = {
    ...stamped({ id: row.id, properties: kept }, { from: folder, before: await placeOf(tx, folder), after: 'recoverable', now }),
    $immutable: true,
  }
  await tx.items.update(mailbox, copy.id, { properties, created: row.created, modified: row.modified })
}

/** Whether a change of these properties is one that versions are kept of: by the kind of the item, or since a hold is about one of them. */
async function asksFor(tx: WriteTx, row: ItemRow, changing: readonly string[]): Promise<boolean> {
  const kind = row.kind as ItemKind
  const isMail = isKind(kind, 'message') || kind === 'post'
  // As a draft it could be changed without a trace; a client may call so only what was never saved ([MS-OXCMSG] 2.2.1.6, mfUnsent).
  if (!row.isDraft && changing.includes('isDraft')) return true
  if (changing.some((name) => (isMail ? ofMessages.has(name) : !besideOthers.has(name)))) return true
  const named = changing.filter((name) => name !== 'isRead')
  if (named.length === 0) return false
  const organisation = (await tx.mailboxes.get(row.mailbox))?.organisation ?? ''
  const owner = await ownerWithin(tx, organisation, row.mailbox)
  const holds = await holdsInForce(tx, organisation, owner?.mailbox || row.mailbox)
  const paths = holds.flatMap(({ restriction }) => (restriction ? pathsOf(restriction) : []))
  return paths.some((path) => 'extended' in path || named.includes(path.property)) || (named.includes('categories') && holds.length > 0)
}

import type { Folder, FolderRow } from '#mailbox'
import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import { mailboxFor, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'

/** What `folderIdOf` gives. */
export const folderIdForm = /^[A-Za-z0-9+/]{32}$/

/** What names a folder for ever, whatever it is called: its mailbox and its number, in base64. */
export function folderIdOf({ mailbox, id }: Pick<FolderRow, 'mailbox' | 'id'>): string {
  const bytes = Buffer.alloc(24)
  Buffer.from(mailbox.replaceAll('-', ''), 'hex').copy(bytes, 0, 0, 16)
  bytes.writeBigUInt64BE(BigInt(id), 16)
  return bytes.toString('base64')
}

/** `mary:\Calendar`, `mary:FolderId`, `mary` (the top), `\Inbox\Projects` (one's own). */
export function readFolderIdentity(identity: string): { mailbox?: string; path?: string[]; id?: number } {
  const at = identity.startsWith('\\') ? 0 : identity.indexOf(':\\')
  const mailbox = at < 0 ? identity : identity.slice(0, at)
  if (at >= 0) {
    const path = identity.slice(at).replace(/^:/, '').split('\\').filter((name) => name !== '') // prettier-ignore
    return { ...(mailbox ? { mailbox } : {}), path }
  }
  const colon = identity.lastIndexOf(':')
  const id = identity.slice(colon + 1)
  if (colon > 0 && folderIdForm.test(id)) {
    return { mailbox: identity.slice(0, colon), id: Number(Buffer.from(id, 'base64').readBigUInt64BE(16)) }
  }
  return { mailbox, path: [] }
}

/** The folder that an identity names, in the mailbox that it names. None → FolderNotFound. */
export async function folderFor(
  { mailboxes }: MailboxNeeds,
  context: CmdletContext,
  identity: string | undefined,
  purpose: 'see' | 'change',
): Promise<{ open: OpenMailbox; folder: Folder }> {
  const { mailbox, path, id } = readFolderIdentity(identity ?? '\\')
  const open = await mailboxFor(context, mailbox, purpose)
  if (id === undefined) return { open, folder: await mailboxes.folderAt(open.caller, open.mailbox, path ?? []) }
  if (!Number.isSafeInteger(id)) throw new Refusal('FolderNotFound', 'There is no folder with that FolderId in the mailbox.')
  return { open, folder: await mailboxes.getFolder(open.caller, { mailbox: open.mailbox, id }) }
}

import type { Recipient } from '#directory'
import { defaultFolders, Refusal, type Instant } from '#model'
import type { FolderRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { defaultFolderName } from '../folders/names.ts'
import { recoverableFolder, recoverableKinds } from '../recoverable/folder.ts'

const gigabyte = 1024 ** 3
/** Exchange's own quotas of an archive, in bytes. */
export const usualArchive = { quota: 100 * gigabyte, warningQuota: 90 * gigabyte } as const

/** The folders that an archive has from the start; the others come with what is archived. */
const first: ReadonlySet<string> = new Set(['root', 'msgfolderroot', 'inbox', 'deleteditems', 'recoverableitemsroot', ...recoverableKinds])

/** Makes an archive and its first folders in one write, named as those of its owner's mailbox; one that exists is left as it is. */
export async function provisionArchive(ctx: MailboxContext, owner: Recipient): Promise<void> {
  const mailbox = owner.archive?.mailbox
  if (!mailbox) throw noArchive()
  const created = ctx.clock()
  await ctx.store.write(async (tx) => {
    if (await tx.mailboxes.get(mailbox)) return
    const { culture, timeZone } = (await tx.mailboxes.get(owner.mailbox))?.settings ?? {}
    const settings = { culture: culture ?? 'en-US', timeZone: timeZone ?? 'UTC' }
    await tx.mailboxes.create({ mailbox, organisation: owner.organisation, created, settings })
    const ids = new Map<string, number>()
    for (const { kind, parent: above, name: english, folderClass, hidden = false } of defaultFolders) {
      if (!first.has(kind)) continue
      const parent = above === null ? 0 : (ids.get(above) ?? 0)
      const name = defaultFolderName(kind, english, String(settings.culture))
      const properties = { $archive: true }
      ids.set(kind, (await tx.folders.insert({ mailbox, parent, kind, name, folderClass, hidden, created, properties })).id)
    }
  })
}

export const noArchive = () =>
  new Refusal('ArchiveMailboxNotEnabled', 'The mailbox has no archive: an administrator makes one with Enable-Mailbox -Archive.')

/** The folder of an archive that is what another is in the mailbox: the same default folder, or the same path of names. Made where it is not. */
export async function folderInArchive(tx: WriteTx, archive: string, folder: FolderRow, now: Instant): Promise<FolderRow> {
  const recoverable = recoverableKinds.find((kind) => kind === folder.kind)
  if (recoverable) return recoverableFolder(tx, archive, recoverable, now)
  const same = folder.kind === '' ? undefined : await tx.folders.byKind(archive, folder.kind)
  if (same) return same
  const above = folder.parent === 0 ? undefined : await tx.folders.get(folder.mailbox, folder.parent)
  if (!above) throw new Refusal('FolderNotFound', 'The archive has no folders.', { mailbox: archive })
  const parent = await folderInArchive(tx, archive, above, now)
  const named = await tx.folders.childNamed(archive, parent.id, folder.name)
  if (named) return named
  const { kind, name, folderClass, hidden } = folder
  // What somebody said of how long the folder's items are kept holds in the archive too.
  const { folderPolicyTag } = folder.properties
  return tx.folders.insert({
    ...{ mailbox: archive, parent: parent.id, kind, name, folderClass, hidden, created: now },
    properties: { $archive: true, ...(folderPolicyTag === undefined ? {} : { folderPolicyTag }) },
  })
}

import { defaultFolders } from '#model'
import type { MailboxContext } from '../context.ts'
import { defaultFolderName } from './names.ts'

/** Makes the mailbox and its default folders in one write, named in the culture's language; one that exists is left as it is. */
export async function provision(
  ctx: MailboxContext,
  organisation: string,
  mailbox: string,
  options: { culture?: string; timeZone?: string } = {},
): Promise<void> {
  const created = ctx.clock()
  const settings = { culture: options.culture ?? 'en-US', timeZone: options.timeZone ?? 'UTC' }
  await ctx.store.write(async (tx) => {
    if (await tx.mailboxes.get(mailbox)) return
    await tx.mailboxes.create({ mailbox, organisation, created, settings })
    const ids = new Map<string, number>()
    for (const folder of defaultFolders) {
      const parent = folder.parent === null ? 0 : (ids.get(folder.parent) ?? 0)
      const name = defaultFolderName(folder.kind, folder.name, settings.culture)
      const { kind, folderClass, hidden = false } = folder
      const row = await tx.folders.insert({ mailbox, parent, kind, name, folderClass, hidden, created })
      ids.set(kind, row.id)
    }
  })
}

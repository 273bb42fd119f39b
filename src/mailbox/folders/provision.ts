import { defaultFolders, permissionLevels, publicFolderRoots } from '#model'
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

/** Exchange's for the root of a new tree: everybody of the organisation reads, makes items and changes their own, nobody makes folders. */
const treePermissions = [
  { user: 'default', rights: permissionLevels.Author },
  { user: 'anonymous', rights: permissionLevels.None },
]

/** Makes what a public folder mailbox holds at first in one write: with the `hierarchy`, the root of the public folders. One that exists is left as it is. */
export async function provisionPublicFolders(
  ctx: MailboxContext,
  organisation: string,
  mailbox: string,
  { hierarchy }: { hierarchy: boolean },
): Promise<void> {
  const created = ctx.clock()
  await ctx.store.write(async (tx) => {
    if (await tx.mailboxes.get(mailbox)) return
    await tx.mailboxes.create({ mailbox, organisation, created, settings: {} })
    const [top, tree] = publicFolderRoots
    const hidden = false
    const { id: parent } = await tx.folders.insert({ mailbox, ...top, parent: 0, hidden, created })
    if (hierarchy) await tx.folders.insert({ mailbox, ...tree, parent, hidden, created, permissions: treePermissions })
  })
}

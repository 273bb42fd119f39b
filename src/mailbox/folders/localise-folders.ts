import { defaultFolders, Refusal, type Caller } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { accessTo } from '../permissions/access.ts'
import { defaultFolderName, hasFolderNames } from './names.ts'

interface Naming {
  folder: FolderRow
  name: string
}

/**
 * Names the default folders in the language of a culture, all or none. For the owner, full access and the server itself. A language without a
 * table of names → UnsupportedCulture; a name that a sibling has → FolderExists.
 */
export async function localiseFolders(ctx: MailboxContext, caller: Caller, mailbox: string, culture: string): Promise<void> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'The default folders are named for the mailbox’s owner alone.')
  if (!hasFolderNames(culture)) {
    throw new Refusal(
      'UnsupportedCulture',
      `There are no names of default folders in the language of '${culture}'; there are for de, en, es and fr.`,
    )
  }
  await ctx.store.write(async (tx) => {
    for (const { folder, name } of await namings(tx, mailbox, culture)) {
      if (folder.name !== name) await tx.folders.update(mailbox, folder.id, { name, modified: ctx.clock() })
    }
  })
}

/** True when every default folder is named in the language of the culture; false too for one without a table. For whoever may open the mailbox. */
export async function foldersAreIn(ctx: MailboxContext, caller: Caller, mailbox: string, culture: string): Promise<boolean> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'How the folders are called is for the mailbox’s owner to know.')
  if (!hasFolderNames(culture)) return false
  const all = await ctx.store.read((tx) => namings(tx, mailbox, culture))
  return all.every(({ folder, name }) => folder.name === name)
}

async function namings(tx: ReadTx, mailbox: string, culture: string): Promise<Naming[]> {
  const found: Naming[] = []
  for (const { kind, name } of defaultFolders) {
    const folder = await tx.folders.byKind(mailbox, kind)
    if (folder) found.push({ folder, name: defaultFolderName(kind, name, culture) })
  }
  return found
}

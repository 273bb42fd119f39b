import { folderRights, permissionLevelOf, permissionLevels } from '#model'
import type { ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { delegateFolders, type DelegateFolder, type DelegateLevel } from './contract.ts'

const named: readonly string[] = ['None', 'Editor', 'Reviewer', 'Author'] satisfies DelegateLevel[]

/** What somebody's own entries in the six folders amount to ([MS-OXWSDLGM] 2.2.5.1). */
export async function levelsOf(tx: ReadTx, mailbox: string, user: string): Promise<Partial<Record<DelegateFolder, DelegateLevel>>> {
  const levels: Partial<Record<DelegateFolder, DelegateLevel>> = {}
  for (const kind of delegateFolders) {
    const folder = await tx.folders.byKind(mailbox, kind)
    if (!folder) continue
    const level = permissionLevelOf(folder.permissions.find((entry) => entry.user === user)?.rights ?? 0)
    levels[kind] = named.includes(level) ? (level as DelegateLevel) : 'Custom'
  }
  return levels
}

/** Gives somebody the levels, where they are said, and in all six folders the right to see private items or not. None = no entry. */
export async function setLevels(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  user: string,
  levels: Partial<Record<DelegateFolder, DelegateLevel>>,
  seesPrivate: boolean,
): Promise<void> {
  for (const kind of delegateFolders) {
    const folder = await tx.folders.byKind(mailbox, kind)
    if (!folder) continue
    const level = levels[kind]
    const before = folder.permissions.find((entry) => entry.user === user)?.rights ?? 0
    const plain = (level === undefined || level === 'Custom' ? before : permissionLevels[level]) & ~folderRights.viewPrivate
    const rights = plain === 0 ? 0 : plain | (seesPrivate ? folderRights.viewPrivate : 0)
    if (rights === before) continue
    const others = folder.permissions.filter((entry) => entry.user !== user)
    const permissions = rights === 0 ? others : [...others, { user, rights }]
    await tx.folders.update(mailbox, folder.id, { permissions, modified: ctx.clock() })
  }
}

/** Takes somebody's entries out of the six folders. */
export async function withoutRights(tx: WriteTx, ctx: MailboxContext, mailbox: string, user: string): Promise<void> {
  const none = Object.fromEntries(delegateFolders.map((kind) => [kind, 'None'] as const))
  await setLevels(tx, ctx, mailbox, user, none, false)
}

import { externalUser, folderRights, Refusal, type Caller } from '#model'
import type { FolderRow, ReadTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { boundedPermissions } from '../permissions/entries.ts'
import { acceptShare, applyShare, shareOf, sharingFolder } from './accepted.ts'
import type { FolderToShare, SharedData, SharingVerbs } from './contract.ts'
import { sharedDataOf, sharingKeyOf, sharingSecret } from './key.ts'

/** The verbs on folders shared across organisations, for the protocols and the hybrid room. */
export function createSharing(ctx: MailboxContext): SharingVerbs {
  return {
    folderToShare: (caller, folder) => folderToShare(ctx, caller, folder),
    shareFolder: (caller, folder, people) => shareFolder(ctx, caller, folder, people),
    acceptShare: (caller, mailbox, offer) => acceptShare(ctx, caller, mailbox, offer),
    sharingFolder: (caller, mailbox, of) => sharingFolder(ctx, caller, mailbox, of),
    shareOf: (caller, folder) => shareOf(ctx, caller, folder),
    applyShare: (caller, folder, changes) => applyShare(ctx, caller, folder, changes),
  }
}

async function ownFolder(tx: ReadTx, access: Access, ref: FolderRef): Promise<{ row: FolderRow; data: SharedData }> {
  const row = await folderFor(tx, access, ref)
  if (!access.full) throw new Refusal('AccessDenied', 'People share folders of their own mailbox.')
  requireRights(access, row, folderRights.owner)
  const data = sharedDataOf(row)
  if (!data) {
    throw new Refusal(
      'InvalidFolderTypeForOperation',
      `'${row.name}' is neither a calendar nor a folder of contacts: it is not shared with other organisations.`,
    )
  }
  return { row, data }
}

async function folderToShare(ctx: MailboxContext, caller: Caller, ref: FolderRef): Promise<FolderToShare> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const { row, data } = await ctx.store.read((tx) => ownFolder(tx, access, ref))
  return { mailbox: row.mailbox, folder: row.id, name: row.name, data }
}

async function shareFolder(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  people: readonly { address: string; rights: number }[],
): Promise<string[]> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const fresh = Buffer.from(ctx.random(32)).toString('base64')
  return ctx.store.write(async (tx) => {
    const { row } = await ownFolder(tx, access, ref)
    const named = new Set(row.permissions.map(({ user }) => user))
    const added = people.map(({ address, rights }) => ({ user: externalUser(address), rights })).filter(({ user }) => !named.has(user))
    if (added.length > 0) {
      const permissions = boundedPermissions(row.name, [...row.permissions, ...added])
      await tx.folders.update(row.mailbox, row.id, { permissions, modified: ctx.clock() })
      await audit(tx, ctx, access, { operation: 'UpdateFolderPermissions', folder: row, changed: added.map(({ user }) => user) })
    }
    const settings = (await tx.mailboxes.get(row.mailbox))?.settings ?? {}
    const kept = settings[sharingSecret]
    const secret = typeof kept === 'string' ? kept : fresh
    if (secret !== kept) await tx.mailboxes.saveSettings(row.mailbox, { ...settings, [sharingSecret]: secret })
    return people.map(({ address }) => sharingKeyOf(secret, row.id, address))
  })
}

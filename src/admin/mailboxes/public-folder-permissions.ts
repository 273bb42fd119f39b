import type { Recipient } from '#directory'
import type { Folder } from '#mailbox'
import { administratorCaller, Refusal, type Caller } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { accessRights, rightsFrom } from './access-rights.ts'
import { entriesFor, everybody, removeEntry, shownEntry, userOf } from './folder-permissions.ts'
import type { MailboxNeeds } from './mailbox-for.ts'

const roles = ['Public Folders'] as const
const identity = take.mandatory(take.identity(), {
  position: 0,
  pipeline: true,
  summary: 'The public folder by its path: `\\Sales\\Plans`; `\\` is the root.',
})
const user = take.mandatory(take.identity(), { summary: 'A person or a group here, or `Default` or `Anonymous`.' })

/** Who may do what in a public folder: the one way in which people get more than everybody has in the root. */
export function publicFolderPermissionCmdlets(needs: MailboxNeeds): Cmdlet[] {
  const { mailboxes } = needs
  return [
    cmdlet('Get-PublicFolderClientPermission', {
      summary: 'Shows who may do what in a public folder.',
      roles,
      parameters: { Identity: identity, User: take.optional(take.identity()) },
      returns: 'PublicFolderClientPermission',
      async *run({ Identity, User }, context) {
        const { folder } = await publicFolderFor(needs, context, Identity, 'see')
        for (const entry of await entriesFor(needs, context, folder, User)) yield await shownEntry(needs, context, folder, entry)
      },
    }),
    cmdlet('Add-PublicFolderClientPermission', {
      summary: 'Gives somebody rights on a public folder; those of Default and Anonymous are set.',
      roles,
      dangerous: true,
      parameters: {
        Identity: identity,
        User: user,
        AccessRights: take.mandatory(take.list(take.oneOf(accessRights)), {
          summary: 'A role (`Reviewer`), or single rights (`ReadItems,FolderVisible`).',
        }),
      },
      returns: 'PublicFolderClientPermission',
      async run(args, context) {
        const { caller, folder } = await publicFolderFor(needs, context, args.Identity, 'change')
        const entry = { user: await userOf(needs, context, args.User, folder), rights: rightsFrom(args.AccessRights, false) }
        const { mailbox, id } = folder.row
        await mailboxes.changeFolderPermission(caller, { mailbox, id }, { ...entry, how: everybody.includes(entry.user) ? 'set' : 'add' })
        return shownEntry(needs, context, folder, entry)
      },
    }),
    cmdlet('Remove-PublicFolderClientPermission', {
      summary: 'Takes somebody off the permissions of a public folder.',
      roles,
      destroys: true,
      parameters: { Identity: identity, User: user },
      async run({ Identity, User }, context) {
        const { caller, folder } = await publicFolderFor(needs, context, Identity, 'change')
        await removeEntry(needs, context, caller, folder, User)
      },
    }),
  ]
}

/** The public folder at a path, as an administrator opens it. No public folders → ObjectNotFound; none at the path → FolderNotFound. */
async function publicFolderFor(
  { mailboxes }: MailboxNeeds,
  context: CmdletContext,
  path: string,
  purpose: 'see' | 'change',
): Promise<{ caller: Caller; folder: Folder }> {
  const root: Recipient | undefined = await context.directory.publicFolderRoot(context.organisation)
  if (!root?.publicFolders) {
    throw new Refusal(
      'ObjectNotFound',
      'The organisation has no public folders: New-Mailbox -PublicFolder makes the first mailbox for them.',
      {
        kind: 'PublicFolder',
      },
    )
  }
  if (purpose === 'change') await context.mayChange(root)
  const caller = administratorCaller(context.caller)
  const names = path.split('\\').filter((name) => name !== '')
  return { caller, folder: await mailboxes.folderAt(caller, root.publicFolders, names) }
}

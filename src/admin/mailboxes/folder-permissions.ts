import type { Recipient } from '#directory'
import type { Folder, FolderPermission } from '#mailbox'
import { defaultRightsOf, externalAddressOf, externalUser, folderRights, Refusal, type Caller } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { accessRights, rightsFrom, rightsShown } from './access-rights.ts'
import { folderFor } from './folder-for.ts'
import type { MailboxNeeds, OpenMailbox } from './mailbox-for.ts'

const roles = ['Mail Recipients', 'MyBaseOptions'] as const

const identity = take.mandatory(take.identity(), {
  position: 0,
  pipeline: true,
  summary: 'The folder: `mary:\\Calendar`, `mary:\\Inbox\\Projects`.',
})
const user = take.mandatory(take.identity(), { summary: 'A person or a group here, or `Default` or `Anonymous`.' })
/** What both Add and Set take. */
const given = {
  AccessRights: take.mandatory(take.list(take.oneOf(accessRights)), {
    summary: 'A role (`Reviewer`), or single rights (`ReadItems,FolderVisible`).',
  }),
  SharingPermissionFlags: take.optional(take.list(take.oneOf(['None', 'Delegate', 'CanViewPrivateItems']))),
  SendNotificationToUser: take.optional(take.boolean()),
} as const

/** Who may do what in a folder. What they change holds for every protocol from the next request on. */
export function folderPermissionCmdlets(needs: MailboxNeeds): Cmdlet[] {
  const { mailboxes } = needs
  return [
    cmdlet('Get-MailboxFolderPermission', {
      summary: 'Shows who may do what in a folder of a mailbox.',
      roles: [...roles, 'View-Only Recipients'],
      parameters: { Identity: identity, User: take.optional(take.identity()) },
      returns: 'MailboxFolderPermission',
      examples: [{ command: 'Get-MailboxFolderPermission mary:\\Calendar', says: 'Shows who may see Mary’s calendar.' }],
      async *run({ Identity, User }, context) {
        const { open, folder } = await folderFor(needs, context, Identity, 'see')
        for (const entry of await entriesFor(needs, context, folder, User)) yield await shown(needs, context, open, folder, entry)
      },
    }),
    cmdlet('Add-MailboxFolderPermission', {
      summary: 'Gives somebody rights on a folder of a mailbox.',
      roles,
      dangerous: true,
      parameters: { Identity: identity, User: user, ...given },
      returns: 'MailboxFolderPermission',
      examples: [
        { command: 'Add-MailboxFolderPermission mary:\\Calendar -User rob -AccessRights Reviewer', says: 'Lets Rob read Mary’s calendar.' },
      ],
      async run(args, context) {
        const { open, folder } = await folderFor(needs, context, args.Identity, 'change')
        const entry = { user: await userOf(needs, context, args.User, folder), rights: wantedRights(args, folder) }
        return shown(needs, context, open, folder, await change({ ...entry, how: 'add' }, open, folder))
      },
    }),
    cmdlet('Set-MailboxFolderPermission', {
      summary: 'Changes the rights that somebody has on a folder of a mailbox.',
      roles,
      dangerous: true,
      parameters: { Identity: identity, User: user, ...given },
      async run(args, context) {
        const { open, folder } = await folderFor(needs, context, args.Identity, 'change')
        await change(
          { user: await userOf(needs, context, args.User, folder), rights: wantedRights(args, folder), how: 'set' },
          open,
          folder,
        )
      },
    }),
    cmdlet('Remove-MailboxFolderPermission', {
      summary: 'Takes somebody off the permissions of a folder of a mailbox.',
      roles,
      destroys: true,
      parameters: { Identity: identity, User: user },
      async run({ Identity, User }, context) {
        const { open, folder } = await folderFor(needs, context, Identity, 'change')
        await removeEntry(needs, context, open.caller, folder, User)
      },
    }),
  ]

  async function change(
    entry: FolderPermission & { how: 'add' | 'set' },
    { caller, mailbox }: OpenMailbox,
    { row }: Folder,
  ): Promise<FolderPermission> {
    await mailboxes.changeFolderPermission(caller, { mailbox, id: row.id }, entry)
    return { user: entry.user, rights: entry.rights }
  }
}

/** Whom every folder's permissions name. */
export const everybody = ['default', 'anonymous']

/** The entries of a folder, or that of the one who is named. Not named there → ObjectNotFound. */
export async function entriesFor(needs: MailboxNeeds, context: CmdletContext, folder: Folder, User?: string): Promise<FolderPermission[]> {
  const wanted = User === undefined ? undefined : await userOf(needs, context, User, folder)
  const found = entriesOf(folder).filter((entry) => wanted === undefined || entry.user === wanted)
  if (found.length > 0) return found
  throw new Refusal('ObjectNotFound', `The permissions of '${folder.row.name}' do not name '${User ?? ''}'.`)
}

/** Takes somebody off the permissions of a folder. Those of everybody stay → InvalidParameter. */
export async function removeEntry(needs: MailboxNeeds, context: CmdletContext, by: Caller, folder: Folder, User: string): Promise<void> {
  const user = await userOf(needs, context, User, folder)
  if (everybody.includes(user)) {
    throw new Refusal('InvalidParameter', `'${User}' always has an entry: give it None instead.`, { parameter: 'User' })
  }
  const { mailbox, id } = folder.row
  await needs.mailboxes.changeFolderPermission(by, { mailbox, id }, { user, how: 'remove' })
}

/** The stored entries, before them those of everybody and of whoever is not signed in, which always hold. */
function entriesOf({ row }: Folder): FolderPermission[] {
  const stored = (user: string) => row.permissions.find((entry) => entry.user === user)?.rights
  return [
    { user: 'default', rights: stored('default') ?? defaultRightsOf(row.kind) },
    { user: 'anonymous', rights: stored('anonymous') ?? 0 },
    ...row.permissions.filter((entry) => !everybody.includes(entry.user)),
  ]
}

interface Given {
  AccessRights: string[]
  SharingPermissionFlags?: string[]
  SendNotificationToUser?: boolean
}

function wantedRights({ AccessRights, SharingPermissionFlags = [], SendNotificationToUser }: Given, { row }: Folder): number {
  const isCalendar = row.folderClass?.startsWith('IPF.Appointment') === true
  if (SendNotificationToUser) {
    throw new Refusal('InvalidParameter', '-SendNotificationToUser is not there yet: nobody is sent an invitation to the folder.', {
      parameter: 'SendNotificationToUser',
    })
  }
  if (SharingPermissionFlags.includes('Delegate')) {
    throw new Refusal('InvalidParameter', '-SharingPermissionFlags Delegate is not there yet: meetings are not forwarded to delegates.', {
      parameter: 'SharingPermissionFlags',
    })
  }
  const seesPrivate = SharingPermissionFlags.includes('CanViewPrivateItems')
  if (seesPrivate && !isCalendar)
    throw new Refusal('InvalidParameter', '-SharingPermissionFlags is for calendars.', { parameter: 'SharingPermissionFlags' })
  return rightsFrom(AccessRights, isCalendar) | (seesPrivate ? folderRights.viewPrivate : 0)
}

const mayHaveRights = (recipient: Recipient) => !['MailContact', 'RoomList', 'PublicFolderMailbox'].includes(recipient.kind)

/**
 * Whom permissions name: a recipient's GUID, `default` or `anonymous`. People name whoever is in the address lists. Nobody, or one without an
 * account → ObjectNotFound.
 */
export async function userOf({ directory }: MailboxNeeds, context: CmdletContext, name: string, { row }: Folder): Promise<string> {
  const word = name.toLowerCase()
  // People of other organisations, with whom the owner shares the folder, are named by their address.
  if (row.permissions.some(({ user }) => user === externalUser(name))) return externalUser(name)
  if (everybody.includes(word)) return word
  const shown = await context.directory.identify(context.organisation, name)
  const isListed = ({ hiddenFromAddressLists }: Recipient) => !hiddenFromAddressLists
  const found = shown.length > 0 ? shown : (await directory.identify(context.organisation, name)).filter(isListed)
  if (found.length > 1)
    throw new Refusal('InvalidParameter', `'${name.slice(0, 100)}' names more than one: use an address.`, { parameter: 'User' })
  const [recipient] = found
  if (recipient && mayHaveRights(recipient)) return recipient.id
  const why = recipient
    ? `'${recipient.displayName}' is a ${recipient.kind}, which cannot have rights`
    : `There is nobody called '${name.slice(0, 100)}'`
  throw new Refusal('ObjectNotFound', `${why}.`, { kind: 'User' })
}

async function shown(
  needs: MailboxNeeds,
  context: CmdletContext,
  open: OpenMailbox,
  folder: Folder,
  entry: FolderPermission,
): Promise<object> {
  const { Identity, ...found } = await shownEntry(needs, context, folder, entry)
  const SharingPermissionFlags = entry.rights & folderRights.viewPrivate ? 'CanViewPrivateItems' : null
  return { ...found, SharingPermissionFlags, Identity, MailboxOwnerId: open.recipient.displayName }
}

/** An entry of a folder's permissions as it is shown: who by name, and their rights by role, else one by one. */
export async function shownEntry(
  { directory }: MailboxNeeds,
  { organisation }: CmdletContext,
  { row }: Folder,
  { user: id, rights }: FolderPermission,
): Promise<{ FolderName: string; User: string; AccessRights: unknown; Identity: string }> {
  const outside = externalAddressOf(id)
  const recipient = everybody.includes(id) || outside ? undefined : await directory.recipient(organisation, id)
  const User = id === 'default' ? 'Default' : id === 'anonymous' ? 'Anonymous' : (outside ?? recipient?.displayName ?? `NT User:${id}`)
  return { FolderName: row.name, User, AccessRights: rightsShown(rights), Identity: User }
}

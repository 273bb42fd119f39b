import type { Folder } from '#mailbox'
import { ByteSize } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { folderFor, folderIdOf } from './folder-for.ts'
import { folderTypeOf } from './folder-types.ts'
import { mailboxFor, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'

/** Folders that are shown where nobody says how many. */
const usualResultSize = 1000
const roles = ['MyBaseOptions', 'Mail Recipients'] as const

/** Folders as their owner sees them, and new ones. */
export function folderCmdlets(needs: MailboxNeeds): Cmdlet[] {
  const { mailboxes } = needs
  return [
    cmdlet('Get-MailboxFolder', {
      summary: 'Shows a folder, the folders in it, or all below it; one’s own where no mailbox is named.',
      roles,
      parameters: {
        Identity: take.optional(take.identity(), {
          position: 0,
          pipeline: true,
          summary: '`mary:\\Inbox\\Projects`, `\\Inbox`, or `mary` for the top.',
        }),
        GetChildren: take.optional(take.switched(), { summary: 'Shows the folders in it.' }),
        Recurse: take.optional(take.switched(), { summary: 'Shows it and all below it.' }),
        MailFolderOnly: take.optional(take.switched(), { summary: 'Leaves calendars, contacts and the like out.' }),
        ResultSize: take.optional(take.count(), { fallback: usualResultSize }),
      },
      returns: 'MailboxFolder',
      async *run({ Identity, GetChildren, Recurse, MailFolderOnly, ResultSize = usualResultSize }, context) {
        const { open, folder } = await folderFor(needs, context, Identity, 'see')
        const traversal = Recurse ? 'Deep' : 'Shallow'
        const limit = Math.min(ResultSize, 10_000)
        const below = GetChildren || Recurse
          ? await mailboxes.findFolders(open.caller, { parents: [{ mailbox: open.mailbox, id: folder.row.id }], traversal, page: { offset: 0, limit, from: 'Beginning' } })
          : undefined // prettier-ignore
        for (const each of GetChildren || !below ? (below?.items ?? [folder]) : [folder, ...below.items]) {
          if (!MailFolderOnly || isForMail(each)) yield shown(open, each)
        }
        if (below && !below.includesLast) context.warn(`There are more than ${limit} folders; -ResultSize Unlimited gives up to 10,000.`)
      },
    }),
    cmdlet('New-MailboxFolder', {
      summary: 'Makes a mail folder; in one’s own mailbox where no other is named.',
      roles,
      parameters: {
        Name: take.mandatory(take.string(), { position: 0 }),
        Parent: take.optional(take.identity(), {
          position: 1,
          summary: 'The folder that it is made in: `mary:\\Inbox`; the top where none is named.',
        }),
      },
      returns: 'MailboxFolder',
      async run({ Name, Parent }, context) {
        const { open, folder } = Parent === undefined
          ? { open: await mailboxFor(context, undefined, 'change'), folder: undefined }
          : await folderFor(needs, context, Parent, 'change') // prettier-ignore
        const parent = folder ? { mailbox: open.mailbox, id: folder.row.id } : { mailbox: open.mailbox, kind: 'msgfolderroot' }
        return shown(open, await mailboxes.createFolder(open.caller, { parent, name: Name, folderClass: 'IPF.Note' }))
      },
    }),
  ]
}

const isForMail = ({ row }: Folder) => row.folderClass === null || row.folderClass.startsWith('IPF.Note')

function shown({ recipient, identity }: OpenMailbox, { row }: Folder): object {
  return {
    Identity: `${identity}:${folderIdOf(row)}`,
    Name: row.name,
    FolderId: folderIdOf(row),
    ParentFolder: row.parent === 0 ? null : folderIdOf({ mailbox: row.mailbox, id: row.parent }),
    FolderClass: row.folderClass ?? '',
    DefaultFolderType: row.kind === '' ? 'None' : folderTypeOf(row),
    FolderSize: new ByteSize(row.size),
    HasSubfolders: row.children > 0,
    MailboxOwnerId: recipient.displayName,
  }
}

import { ByteSize } from '#model'
import type { FolderStatistics } from '#mailbox'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { folderIdOf } from './folder-for.ts'
import { folderTypes, folderTypeOf } from './folder-types.ts'
import { archiveFor, mailboxFor, refuseLeftOut, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'

const name = 'Get-MailboxFolderStatistics'

/** Which branches a scope shows: those of a default folder, or as said. */
const scopes: Readonly<Record<string, (folder: FolderStatistics) => boolean>> = {
  All: (folder) => isShown(folder) || folder.branch === 'recoverableitemsroot',
  NonIpmRoot: (folder) => !isShown(folder),
  Personal: (folder) => isShown(folder) && folder.branch === '' && folder.row.kind === '',
  RecoverableItems: (folder) => folder.branch === 'recoverableitemsroot',
  ...Object.fromEntries(
    ['Archive', 'Calendar', 'Contacts', 'ConversationHistory', 'DeletedItems', 'Drafts', 'Inbox', 'JunkEmail', 'Journal', 'Notes', 'Outbox', 'SentItems', 'SyncIssues', 'Tasks']
      .map((scope) => [scope, (folder: FolderStatistics) => folder.branch === scope.toLowerCase()]),
  ),
  // Kinds of folders that no mailbox has yet.
  ...Object.fromEntries(['LegacyArchiveJournals', 'ManagedCustomFolder', 'RssSubscriptions'].map((scope) => [scope, () => false])),
} // prettier-ignore

/** True for what lies below the top of what people see, and for that top. */
const isShown = ({ row, branch, path }: FolderStatistics): boolean =>
  row.kind === 'msgfolderroot' || (row.kind !== 'root' && (branch === '' ? path.length > 0 : folderTypes[branch]?.isShown === true))

/** What lies in each folder of a mailbox, by the counters. */
export function folderStatisticsCmdlets({ mailboxes }: MailboxNeeds): Cmdlet[] {
  return [
    cmdlet(name, {
      summary: 'Shows the folders of a mailbox, how many items are in each, and how large it is.',
      roles: ['Mail Recipients', 'View-Only Recipients', 'Retention Management', 'MyBaseOptions'],
      parameters: {
        Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
        FolderScope: take.optional(take.oneOf(Object.keys(scopes)), { fallback: 'All' }),
        IncludeOldestAndNewestItems: take.optional(take.switched(), {
          summary: 'Shows when the first and the last item of each folder came.',
        }),
        IncludeAnalysis: take.optional(take.switched(), { summary: 'Is not there yet.' }),
        Archive: take.optional(take.switched(), { summary: 'Of the archive, not of the mailbox.' }),
      },
      returns: 'MailboxFolderStatistics',
      examples: [{ command: 'Get-MailboxFolderStatistics mary -FolderScope Inbox', says: 'Shows Mary’s Inbox and the folders in it.' }],
      async *run(args, context) {
        refuseLeftOut(name, args, ['IncludeAnalysis'])
        const { Identity, FolderScope = 'All', IncludeOldestAndNewestItems = false } = args
        const found = await mailboxFor(context, Identity, 'see')
        const open = args.Archive === true ? archiveFor(found) : found
        const folders = await mailboxes.folderStatistics(open.caller, open.mailbox, { oldestAndNewest: IncludeOldestAndNewestItems })
        for (const folder of folders) if (scopes[FolderScope]!(folder)) yield shown(open, folder)
      },
    }),
  ]
}

function shown({ recipient, identity }: OpenMailbox, { row, path, itemsBelow, sizeBelow, oldest, newest }: FolderStatistics): object {
  const names = path.length > 0 ? path : [row.name]
  return {
    Identity: `${identity}\\${names.join('\\')}`,
    Name: row.name,
    FolderPath: `/${names.join('/')}`,
    FolderId: folderIdOf(row),
    FolderType: folderTypeOf(row),
    ItemsInFolder: row.total + row.associatedTotal,
    VisibleItemsInFolder: row.total,
    HiddenItemsInFolder: row.associatedTotal,
    UnreadItemsInFolder: row.unread,
    DeletedItemsInFolder: 0,
    FolderSize: new ByteSize(row.size),
    ItemsInFolderAndSubfolders: itemsBelow,
    DeletedItemsInFolderAndSubfolders: 0,
    FolderAndSubfolderSize: new ByteSize(sizeBelow),
    OldestItemReceivedDate: dateOf(oldest),
    NewestItemReceivedDate: dateOf(newest),
    CreationTime: new Date(row.created),
    LastModifiedTime: new Date(row.modified),
    ContainerClass: row.folderClass ?? '',
    MailboxOwnerId: recipient.displayName,
  }
}

const dateOf = (at: number | undefined) => (at === undefined ? null : new Date(at))

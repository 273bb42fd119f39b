import { folderOfEntryId, type DeletedFolder, type FolderRestoreStep, type Mailboxes } from '#mailbox'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'
import { desksFor, roles, shownPath, type RecoveryDesk } from './query.ts'

const identity = take.mandatory(take.identity(), { position: 0, pipeline: true, summary: 'The mailbox.' })

/** Folder trees that were deleted, as they were: cmdlets of our own, which Exchange does not have. */
export function recoverableFolderCmdlets(mailboxes: Mailboxes): Cmdlet[] {
  const named = (desk: RecoveryDesk, id: string): number => {
    const folder = folderOfEntryId(id)
    if (!folder) throw new Refusal('InvalidParameter', '-FolderID is 44 hexadecimal digits, as Get-RecoverableFolder shows it.', { parameter: 'FolderID' }) // prettier-ignore
    if (folder.mailbox === desk.mailbox) return folder.folder
    throw new Refusal('FolderNotFound', `-FolderID names a folder of another mailbox than ${desk.identity}.`, { mailbox: desk.mailbox })
  }
  return [
    cmdlet('Get-RecoverableFolder', {
      summary: 'Shows the folders that were deleted with all below them, and can be restored as they were. Exchange has no such cmdlet.',
      roles,
      parameters: { Identity: identity },
      returns: 'RecoverableFolder',
      examples: [{ command: 'Get-RecoverableFolder mary', says: 'Shows the folders that Mary deleted, and how much was in them.' }],
      async *run({ Identity }, context) {
        for (const desk of await desksFor(context, [Identity], 'see')) {
          for (const folder of await mailboxes.deletedFolders(desk.caller, desk.mailbox)) yield shownFolder(desk, folder)
        }
      },
    }),
    cmdlet('Restore-RecoverableFolder', {
      summary:
        'Restores a deleted folder and all below it where they were, with permissions and items. A name taken meanwhile gets a number. Exchange has no such cmdlet.',
      roles,
      parameters: {
        Identity: identity,
        FolderID: take.mandatory(take.string(), { position: 1, pipeline: true, summary: 'The folder, as Get-RecoverableFolder shows it.' }),
        IncludeEarlier: take.optional(take.switched(), { summary: 'Restores what was deleted out of the folders before, too.' }),
      },
      returns: 'RestoredFolder',
      examples: [
        { command: 'Get-RecoverableFolder mary | Restore-RecoverableFolder -WhatIf', says: 'Shows what would be restored.' },
        { command: 'Get-RecoverableFolder mary | Restore-RecoverableFolder', says: 'Restores all folders that Mary deleted.' },
      ],
      async *run({ Identity, FolderID, IncludeEarlier = false }, context) {
        using progress = progressOf(context, 'Restoring folders')
        for (const desk of await desksFor(context, [Identity], 'change')) {
          const folders: Extract<FolderRestoreStep, { as: number }>[] = []
          const items = new Map<number, number>()
          let seen = 0
          const steps = mailboxes.restoreFolder(desk.caller, desk.mailbox, named(desk, FolderID), { earlier: IncludeEarlier })
          for await (const step of steps) {
            if ('as' in step) folders.push(step)
            else for (const [folder, count] of step.items) items.set(folder, (items.get(folder) ?? 0) + count)
            progress.count((seen += 'as' in step ? 1 : step.seen))
            if (context.signal.aborted) return
          }
          for (const { as, path, why } of folders) {
            const ItemCount = items.get(as) ?? 0
            yield { Identity: desk.identity, FolderPath: path.at(-1) ?? '', RestoredToFolderPath: shownPath(path), Result: why, ItemCount }
          }
        }
      },
      async *preview({ Identity, FolderID }, context) {
        for (const desk of await desksFor(context, [Identity], 'see')) {
          const folder = named(desk, FolderID)
          const tree = (await mailboxes.deletedFolders(desk.caller, desk.mailbox)).find((one) => one.folder === folder)
          if (tree) yield { ...shownFolder(desk, tree), Result: 'WhatIf', RestoredToFolderPath: shownPath(tree.path) }
        }
      },
    }),
  ]
}

function shownFolder({ identity }: RecoveryDesk, folder: DeletedFolder): object {
  return {
    Identity: identity,
    FolderID: folder.entryId,
    Name: folder.name,
    FolderPath: shownPath(folder.path),
    FolderClass: folder.folderClass ?? '',
    SourceFolder: folder.source,
    FolderCount: folder.folders,
    ItemCount: folder.items,
    DeletedOn: folder.deletedOn === undefined ? null : new Date(folder.deletedOn),
    DeletedBy: folder.deletedBy ?? '',
    WasRestored: folder.restoredAs !== undefined,
  }
}

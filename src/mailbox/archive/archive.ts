import { Refusal, type Caller } from '#model'
import type { FolderRef, Item, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor, storedFolder } from '../folders/resolve.ts'
import { placeOf } from '../folders/place.ts'
import { requireItemRight, targetItem } from '../items/target.ts'
import { accessTo, itemRights } from '../permissions/access.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import { noArchive } from '../retention/archive-folders.ts'
import { moveToArchive } from '../retention/move-to-archive.ts'
import type { ArchiveVerbs } from './contract.ts'

/** The verbs on the archive mailbox, for the protocols. */
export function createArchive(ctx: MailboxContext): ArchiveVerbs {
  return { archiveItem: (caller, source, item) => archiveItem(ctx, caller, source, item) }
}

const notArchived = /^IPF\.(Appointment|Contact|Task)/i
const searches = new Set(['searchfolders', 'todosearch', 'mycontacts', 'favorites'])

/** [MS-OXWSARCH] 3.1.4.1 ArchiveItem. */
async function archiveItem(ctx: MailboxContext, caller: Caller, source: FolderRef, ref: ItemRef): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const { owner } = access
  const row = await ctx.store.read(async (tx) => {
    if (source.mailbox !== ref.mailbox)
      throw new Refusal('InvalidItemForOperationArchiveItem', 'The item lies in another mailbox than the folder.')
    const folder = await folderFor(tx, access, source)
    if (access.isPublic) throw new Refusal('CannotArchiveItemsInPublicFolders', `'${folder.name}' is a public folder.`)
    if (searches.has(folder.kind))
      throw new Refusal('CannotSpecifySearchFolderAsSourceFolder', `'${folder.name}' shows what lies elsewhere.`)
    if (notArchived.test(folder.folderClass ?? '')) {
      throw new Refusal(
        'CannotArchiveCalendarContactTaskFolderException',
        `Nothing is archived from '${folder.name}': calendars, contacts and tasks stay.`,
      )
    }
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'delete')
    if (target.folder.id !== folder.id || (await placeOf(tx, folder)) === 'recoverable')
      throw new Refusal('InvalidItemForOperationArchiveItem', `The item does not lie in '${folder.name}'.`)
    return target.row
  })
  if (!owner?.archive) throw noArchive()
  if (owner.archive.mailbox === ref.mailbox) throw new Refusal('CannotArchiveItemsInArchiveMailbox', 'The item lies in the archive.')
  // Whoever may take something away in one folder is not let into the archive by that.
  if (!access.full) throw new Refusal('AccessDenied', 'The archive is for the owner of the mailbox, and for who has full access.')
  const archived = await moveToArchive(ctx, owner, row, { by: access })
  const there = await accessTo(ctx, caller, archived.mailbox)
  return ctx.store.read(async (tx) => {
    const folder = await storedFolder(tx, { mailbox: archived.mailbox, id: archived.folder })
    return readItem(tx, archived, folder, itemRights(there, folder, archived), { shape: 'ids' }, readOptions(there))
  })
}

import { Refusal, type Caller } from '#model'
import type { FolderRef, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { requireItemRight, targetItem } from '../items/target.ts'
import { accessTo } from '../permissions/access.ts'
import type { ArchiveVerbs } from './contract.ts'

/** The verbs on the archive mailbox, for the protocols. */
export function createArchive(ctx: MailboxContext): ArchiveVerbs {
  return { archiveItem: (caller, source, item) => archiveItem(ctx, caller, source, item) }
}

const notArchived = /^IPF\.(Appointment|Contact|Task)/i
const searches = new Set(['searchfolders', 'todosearch', 'mycontacts', 'favorites'])

/** [MS-OXWSARCH] 3.1.4.1 ArchiveItem. */
async function archiveItem(ctx: MailboxContext, caller: Caller, source: FolderRef, ref: ItemRef): Promise<never> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return ctx.store.read(async (tx) => {
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
    if (target.folder.id !== folder.id)
      throw new Refusal('InvalidItemForOperationArchiveItem', `The item does not lie in '${folder.name}'.`)
    throw new Refusal('ArchiveMailboxNotEnabled', 'The mailbox has no archive; move the item to a folder instead.')
  })
}

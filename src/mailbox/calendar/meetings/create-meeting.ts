import type { Body, Caller, ItemKind } from '#model'
import type { FolderRef, Item, NewItemInput, SendMeetings } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { folderFor } from '../../folders/resolve.ts'
import { auditCreated, prepareNew, requireCreate, withMime, zoneFor } from '../../items/create-item.ts'
import { insertItem } from '../../items/stored.ts'
import { accessTo, itemRights } from '../../permissions/access.ts'
import { readOptions } from '../../properties/options.ts'
import { readItem } from '../../properties/read.ts'
import { takingInto } from '../../quotas/gauge.ts'
import { refuseMaking } from '../../recoverable/folder.ts'
import { attendeesOf } from '../derived.ts'
import { propertiesOfRow } from '../to-icalendar.ts'
import { requestMessage } from './messages.ts'
import { nothing, post, preparePosting, senderOf } from './posting.ts'

/** [MS-OXWSMTGS] 3.1.4.2 CreateItem with SendMeetingInvitations: the item and its invitations in one write. */
export async function createMeeting(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  input: NewItemInput,
  send: SendMeetings,
): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const said = withMime(input, await zoneFor(ctx, ref.mailbox, input)).properties
  const invites = send !== 'SendToNone' && attendeesOf(said).length > 0
  const prepared = await prepareNew(ctx, access, input, invites ? { meetingRequestWasSent: true } : {})
  let posting = nothing
  if (invites) {
    const { row } = prepared
    const meeting = propertiesOfRow({ ...row, mailbox: ref.mailbox, folder: 0, id: 0, change: 0, contentChange: 0 })
    const recipients = attendeesOf(meeting).map((each) => each.mailbox)
    const message = requestMessage(meeting, said.body as Body | undefined, recipients, ctx.clock())
    posting = await preparePosting(ctx, await senderOf(ctx, access), [message], send === 'SendToAllAndSaveCopy')
  }
  const take = await takingInto(ctx, access)
  return ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, access, ref)
    requireCreate(access, folder, prepared.row.kind as ItemKind, prepared.row.associated)
    const place = await refuseMaking(tx, folder, 'CreateItemAccessDenied')
    await take(tx, prepared.row.size, folder, { place })
    const row = await insertItem(tx, folder.mailbox, folder.id, prepared)
    await auditCreated(tx, ctx, access, row, folder)
    await post(tx, ctx, ref.mailbox, posting)
    return readItem(tx, row, folder, itemRights(access, folder, row), { shape: 'ids' }, readOptions(access))
  })
}

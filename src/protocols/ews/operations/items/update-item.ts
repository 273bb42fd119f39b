import type { Item, PropertyChange } from '#mailbox'
import { Refusal } from '#model'
import { modelPath, UpdateItem, type EwsChange, type Infer, type Mime } from '#schema'
import type { EwsContext } from '../../context.ts'
import { bareItem } from '../../convert/item.ts'
import { checkSubject } from '../../convert/new-item.ts'
import { itemRef, type NamedItem } from '../../item-reference.ts'
import { answerEach, verb } from '../../verb.ts'
import { savedFolder } from '../../disposition.ts'

type Request = Infer<typeof UpdateItem.request>

/** A change of a request as the mailbox takes it. */
export function changeOf(change: EwsChange): PropertyChange {
  const path = modelPath(change.path)
  if (change.op === 'delete') return { op: 'delete', path }
  if ('property' in path && path.property === 'subject') checkSubject(change.value)
  if ('property' in path && (path.property === 'mimeContent' || path.property === 'mimeContentUTF8')) {
    return { op: change.op, path: { property: 'mimeContent' }, value: (change.value as Mime).content }
  }
  return { op: change.op, path, value: change.value }
}

/** Calendar items need to hear whom to tell → SendMeetingInvitationsOrCancellationsRequired ([MS-OXWSMTGS] 3.1.4.6). */
async function update(context: EwsContext, request: Request, { ref, changeKey }: NamedItem, changes: PropertyChange[]): Promise<Item> {
  const { caller, mailboxes } = context
  const options = { conflict: request.ConflictResolution, ...(changeKey === undefined ? {} : { changeKey }) }
  const send = request.SendMeetingInvitationsOrCancellations
  const [before] = await mailboxes.getItems(caller, [ref], { shape: 'ids' })
  if (!before || before instanceof Refusal) throw before ?? new Refusal('ItemNotFound', 'There is no such item.')
  if (before.kind === 'calendar') {
    if (!send)
      throw new Refusal('SendMeetingInvitationsOrCancellationsRequired', 'UpdateItem: expected SendMeetingInvitationsOrCancellations')
    return mailboxes.updateMeeting(caller, ref, changes, { ...options, send })
  }
  const suppressReadReceipts = request.SuppressReadReceipts
  return mailboxes.updateItem(caller, ref, changes, { ...options, ...(suppressReadReceipts === undefined ? {} : { suppressReadReceipts }) })
}

/** Changes items, each all or not at all, and sends drafts when asked to ([MS-OXWSCORE] 3.1.4.9). */
export const updateItem = verb(UpdateItem, (request, context) =>
  answerEach(context, request.ItemChanges, async ({ Id, Updates }) => {
    const named = await itemRef(context, Id)
    if (Updates.refusal) throw Updates.refusal
    const item = await update(context, request, named, Updates.changes.map(changeOf))
    const disposition = request.MessageDisposition ?? 'SaveOnly'
    const ConflictResults = { Count: item.conflicts ?? 0 }
    if (disposition === 'SaveOnly' || !item.head.isDraft || item.kind === 'calendar') return { Items: [bareItem(item)], ConflictResults }
    const saveTo = (await savedFolder(context, request)) ?? { mailbox: item.ref.mailbox, kind: 'sentitems' }
    await context.mailboxes.sendItem(context.caller, item.ref, disposition === 'SendAndSaveCopy' ? { saveTo } : {})
    return { Items: [], ConflictResults }
  }),
)

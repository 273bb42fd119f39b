import { Refusal } from '#model'
import { DeleteItem, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { itemRefs, type NamedItem } from '../../item-reference.ts'
import { answerEach, verb } from '../../verb.ts'

type Request = Infer<typeof DeleteItem.request>

/** Meetings need to hear whom to tell, tasks which occurrences are meant ([MS-OXWSMTGS] 3.1.4.3, [MS-OXWSTASK] 3.1.4.3). */
async function remove(context: EwsContext, request: Request, { ref }: NamedItem): Promise<void> {
  const { caller, mailboxes } = context
  const {
    DeleteType,
    SendMeetingCancellations: send,
    AffectedTaskOccurrences,
    SuppressReadReceipts: suppressReadReceipts = false,
  } = request
  const [item] = await mailboxes.getItems(caller, [ref], { shape: 'ids' })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'There is no such item.')
  if (item.kind === 'task' && !AffectedTaskOccurrences) {
    throw new Refusal(
      'AffectedTaskOccurrencesRequired',
      'DeleteItem: expected AffectedTaskOccurrences AllOccurrences|SpecifiedOccurrenceOnly',
    )
  }
  const occurrenceOnly = AffectedTaskOccurrences === 'SpecifiedOccurrenceOnly'
  if (item.kind !== 'calendar') {
    await mailboxes.deleteItem(caller, ref, DeleteType, { occurrenceOnly, suppressReadReceipts })
    return
  }
  if (!send)
    throw new Refusal(
      'SendMeetingCancellationsRequired',
      'DeleteItem: expected SendMeetingCancellations SendToNone|SendOnlyToAll|SendToAllAndSaveCopy',
    )
  return mailboxes.deleteMeeting(caller, ref, DeleteType, send)
}

/** Deletes items ([MS-OXWSCORE] 3.1.4.3): for good, to Deleted Items or to Recoverable Items. */
export const deleteItem = verb(DeleteItem, (request, context) =>
  answerEach(context, request.ItemIds, async (id) => {
    for (const named of await itemRefs(context, id)) await remove(context, request, named)
    return {}
  }),
)

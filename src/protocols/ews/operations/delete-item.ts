import type { Item } from '#mailbox'
import { Refusal } from '#model'
import { DeleteItem, type Infer } from '#schema'
import type { EwsContext } from '../context.ts'
import { itemRefs, type NamedItem } from '../item-reference.ts'
import { answerEach, verb } from '../verb.ts'

type Request = Infer<typeof DeleteItem.request>

/** Meetings need to hear whom to tell, tasks which occurrences are meant ([MS-OXWSMTGS] 3.1.4.3, [MS-OXWSTASK] 3.1.4.3). */
async function requireAnswers(context: EwsContext, request: Request, { ref }: NamedItem): Promise<void> {
  if (request.SendMeetingCancellations && request.AffectedTaskOccurrences) return
  const [item] = await context.mailboxes.getItems(context.caller, [ref], { shape: 'ids' })
  if (item instanceof Refusal) throw item
  const { kind } = item as Item
  if (kind === 'calendar' && !request.SendMeetingCancellations) {
    throw new Refusal('SendMeetingCancellationsRequired', 'DeleteItem/SendMeetingCancellations: expected SendToNone|SendOnlyToAll|SendToAllAndSaveCopy')
  }
  if (kind === 'task' && !request.AffectedTaskOccurrences) {
    throw new Refusal('AffectedTaskOccurrencesRequired', 'DeleteItem/AffectedTaskOccurrences: expected AllOccurrences|SpecifiedOccurrenceOnly')
  }
}

/** Deletes items ([MS-OXWSCORE] 3.1.4.3): for good, to Deleted Items or to Recoverable Items. */
export const deleteItem = verb(DeleteItem, (request, context) =>
  answerEach(context, request.ItemIds, async (id) => {
    for (const named of await itemRefs(context, id)) {
      await requireAnswers(context, request, named)
      await context.mailboxes.deleteItem(context.caller, named.ref, request.DeleteType)
    }
    return {}
  }),
)

import type { ReminderAction } from '#mailbox'
import { Refusal } from '#model'
import { PerformReminderAction, type Infer } from '#schema'
import { itemIdElement } from '../../convert/item.ts'
import { itemRefOf } from '../../ids/ews-id.ts'
import { answerOne, verb } from '../../verb.ts'

type Element = Infer<typeof PerformReminderAction.request>['ReminderItemActions'][number]

const mostActions = 200

function actionOf({ ActionType, NewReminderTime }: Element): ReminderAction {
  if (ActionType === 'Dismiss') return { action: 'Dismiss' }
  const until = Date.parse(NewReminderTime ?? '')
  if (!Number.isFinite(until))
    throw new Refusal('InvalidRequest', 'ReminderItemAction/NewReminderTime: expected a date and time to snooze until')
  return { action: 'Snooze', until }
}

/** Dismisses reminders or puts them off ([MS-OXWSMTGS] 3.1.4.7), one after the other; the first that is refused ends it. */
export const performReminderAction = verb(PerformReminderAction, ({ ReminderItemActions }, context) =>
  answerOne(context, async () => {
    if (ReminderItemActions.length > mostActions) throw new Refusal('InvalidRequest', `ReminderItemActions: at most ${mostActions} at once`)
    const planned = ReminderItemActions.map((one) => ({ ref: itemRefOf(one.ItemId.Id), action: actionOf(one) }))
    const UpdatedItemIds = []
    for (const { ref, action } of planned) {
      const item = await context.mailboxes.actOnReminder(context.caller, ref, action)
      UpdatedItemIds.push(itemIdElement(ref, item.head.change))
    }
    return { UpdatedItemIds }
  }),
)

import { GetReminders } from '#schema'
import { itemIdElement } from '../../convert/item.ts'
import { answerOne, verb } from '../../verb.ts'

/** Reminders of one answer when the request does not say; it may not ask for more. */
const mostReminders = 200

/** Reminders of the caller's mailbox ([MS-OXWSMTGS] 3.1.4.5). */
export const getReminders = verb(GetReminders, ({ BeginTime, EndTime, MaxItems, ReminderType }, context) =>
  answerOne(context, async () => {
    const found = await context.mailboxes.reminders(context.caller, {
      mailbox: await context.ownMailbox(),
      ...(BeginTime === undefined ? {} : { from: BeginTime }),
      ...(EndTime === undefined ? {} : { to: EndTime }),
      limit: MaxItems ?? mostReminders,
      which: ReminderType ?? 'All',
    })
    return {
      Reminders: found.map(({ ref, change, master, group, subject, location, at, start, end, uid }) => ({
        Subject: subject,
        ...(location ? { Location: location } : {}),
        ReminderTime: at,
        StartDate: start,
        EndDate: end,
        ItemId: itemIdElement(ref, change),
        ...(master ? { RecurringMasterItemId: itemIdElement(master, change) } : {}),
        ...(group ? { ReminderGroup: group } : {}),
        UID: uid,
      })),
    }
  }),
)

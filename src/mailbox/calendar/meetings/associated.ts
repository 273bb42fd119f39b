import { isOccurrence, type Instant } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { mailboxOfMeeting } from './delegated.ts'
import { exceptionsOf, seriesOf } from '../series.ts'

/** Items of one UID that are looked at: a meeting, and occurrences of it that came alone. */
const most = 200

/**
 * The calendar item of the meeting with the uid in a mailbox: an occurrence received alone when it is asked for, else the series or single item;
 * of several the newest. It lies in the Calendar: what was deleted, or is an old version, is no meeting any more.
 */
export async function calendarItemOf(tx: ReadTx, mailbox: string, uid: string, recurrenceId?: Instant): Promise<ItemRow | undefined> {
  const calendar = uid ? await tx.folders.byKind(mailbox, 'calendar') : undefined
  if (!calendar) return undefined
  const rows = (await tx.items.byUid(mailbox, calendar.id, uid, most)).filter((row) => row.kind === 'calendar')
  const alone = rows.find((row) => recurrenceId !== undefined && row.properties.recurrenceId === recurrenceId)
  return alone ?? rows.find((row) => row.properties.recurrenceId === undefined)
}

/** The calendar item that a meeting message is about, and which occurrence of it. */
export async function associatedItem(
  tx: ReadTx,
  message: Pick<ItemRow, 'mailbox' | 'uid' | 'properties'>,
): Promise<{ row: ItemRow; occurrence?: Instant } | undefined> {
  const recurrenceId = typeof message.properties.recurrenceId === 'number' ? message.properties.recurrenceId : undefined
  const mailbox = mailboxOfMeeting(message)
  const row = mailbox === undefined ? undefined : await calendarItemOf(tx, mailbox, message.uid, recurrenceId)
  if (!row) return undefined
  const series = recurrenceId === undefined ? undefined : seriesOf(row.properties)
  if (!series || recurrenceId === undefined) return { row }
  const known = exceptionsOf(row.properties).some((each) => each.originalStart === recurrenceId) || isOccurrence(series, recurrenceId)
  return known ? { row, occurrence: recurrenceId } : { row }
}

import { isOccurrence, type Instant } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { placeOf } from '../../folders/place.ts'
import { mailboxOfMeeting } from './delegated.ts'
import { exceptionsOf, seriesOf } from '../series.ts'

/** The calendar item of the meeting with the uid in a mailbox: an occurrence received alone when it is asked for, else the series or single item. */
export async function calendarItemOf(tx: ReadTx, mailbox: string, uid: string, recurrenceId?: Instant): Promise<ItemRow | undefined> {
  if (!uid) return undefined
  const rows = (await tx.items.byUid(mailbox, uid, 50)).filter((row) => row.kind === 'calendar')
  const alone = rows.find((row) => recurrenceId !== undefined && row.properties.recurrenceId === recurrenceId)
  const calendar = await tx.folders.byKind(mailbox, 'calendar')
  const whole = rows.filter((row) => row.properties.recurrenceId === undefined)
  const isHere = (row: ItemRow) => row.folder === calendar?.id
  const found = (alone && isHere(alone) ? alone : undefined) ?? whole.find(isHere)
  if (found || !alone) return found
  // What was deleted, or is an old version, is no meeting any more.
  const folder = await tx.folders.get(mailbox, alone.folder)
  return folder && (await placeOf(tx, folder)) !== 'recoverable' ? alone : undefined
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

/**
 * Messages that wait until they are sent: drafts with a time (PidTagDeferredSendTime), handed in by somebody. They lie in Drafts until then,
 * as a client that had to be open at that hour would keep them; a job of the server sends them.
 */
import { extendedKey, type ExtendedProperty, type ExtendedValue, type Instant } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { FolderRef } from '../contract.ts'

export const deferredSendKind = 'DeferredSend'

/** [MS-OXOMSG] 2.2.3.4 PidTagDeferredSendTime: when the message is to be sent. */
export const deferredSendTime = { tag: 0x3fef, type: 'SystemTime' } as const satisfies ExtendedProperty
/** [MS-OXOMSG] 2.2.3.2 and 2.2.3.3: how long after it was handed in, where no time is given. */
const sendNumber = extendedKey({ tag: 0x3feb, type: 'Integer' })
const sendUnits = extendedKey({ tag: 0x3fec, type: 'Integer' })
const sendTime = extendedKey(deferredSendTime)
const minute = 60_000
/** Minutes, hours, days, weeks. */
const units: readonly number[] = [minute, 60 * minute, 24 * 60 * minute, 7 * 24 * 60 * minute]

/** Who has handed in a message that waits, and where its copy is to lie. Kept on the item (`$sendLater`) under the id that it had then. */
export interface Waiting {
  item: number
  organisation: string
  by: string
  saveTo?: FolderRef
}

/** When a message handed in at `now` is to be sent; undefined = at once. */
export function deferredUntil(extended: Record<string, ExtendedValue>, now: Instant): Instant | undefined {
  const at = instantOf(extended[sendTime])
  if (at !== undefined) return at
  const number = Number(extended[sendNumber]?.value)
  const unit = units[Number(extended[sendUnits]?.value)]
  return unit !== undefined && number > 0 && number <= 999 ? now + number * unit : undefined
}

const instantOf = (value: ExtendedValue | undefined): Instant | undefined =>
  typeof value?.value === 'number' && Number.isFinite(value.value) ? value.value : undefined

/** The time as it is kept on an item. */
export const asDeferred = (at: Instant): Record<string, ExtendedValue> => ({ [sendTime]: { type: 'SystemTime', value: at } })

/** What waits of a row: nothing once it was moved, which takes it back. */
export function waitingOf({ id, isDraft, properties }: Pick<ItemRow, 'id' | 'isDraft' | 'properties'>): Waiting | undefined {
  const waiting = properties.$sendLater as Waiting | undefined
  return isDraft && waiting?.item === id ? waiting : undefined
}

const jobOf = (mailbox: string, item: number): string => `send:${mailbox}:${item}`

/** The message is sent when its time has come. */
export async function makeSendDue(
  tx: Pick<WriteTx, 'jobs'>,
  mailbox: string,
  { item, organisation }: Waiting,
  due: Instant,
): Promise<void> {
  await tx.jobs.save({ organisation, id: jobOf(mailbox, item), kind: deferredSendKind, due, state: { mailbox, item } })
}

/**
 * What a change of stored properties makes of a message that waits: with another time it goes then, without one it is taken back and a draft
 * like any other. `undefined` = it stays as it is.
 */
export async function followTime(
  tx: Pick<WriteTx, 'jobs'>,
  row: ItemRow,
  changed: Record<string, ExtendedValue | undefined> = {},
): Promise<'takenBack' | undefined> {
  const waiting = waitingOf(row)
  if (!waiting || !(sendTime in changed)) return undefined
  const at = instantOf(changed[sendTime])
  if (at !== undefined) await makeSendDue(tx, row.mailbox, waiting, at)
  else await tx.jobs.remove(waiting.organisation, jobOf(row.mailbox, waiting.item))
  return at === undefined ? 'takenBack' : undefined
}

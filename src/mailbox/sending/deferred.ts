/**
 * Messages that wait until they are sent: drafts with a time (PidTagDeferredSendTime), handed in by somebody. They lie in Drafts until then,
 * as a client that had to be open at that hour would keep them; a job of the server sends them.
 */
import { extendedKey, type Caller, type ExtendedProperty, type ExtendedValue, type Instant } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { FolderRef } from '../contract.ts'
import type { Answered } from './answered.ts'

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

/** Who has handed in a message that waits, where its copy is to lie, and what it answers. Kept on the item (`$sendLater`) under the id that it had then. */
export interface Waiting {
  item: number
  organisation: string
  by: string
  saveTo?: FolderRef
  answers?: Answered
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

/** What says nothing to those who get the message: anybody who may change the item may change these, and it goes on waiting. */
const besideMessage = new Set([
  'isRead', 'flag', 'categories', 'reminderIsSet', 'reminderDueBy', 'reminderNextTime', 'reminderMinutesBeforeStart', 'isUnmodified', 'isClutter',
  'policyTag', 'archiveTag', 'retentionDate', 'retentionPeriod', 'retentionFlags', 'archiveDate', 'archivePeriod',
]) // prettier-ignore

interface Change {
  /** Stored properties by key; undefined = it goes. */
  extended?: Record<string, ExtendedValue | undefined> | undefined
  /** The names of all that is different. */
  changing: readonly string[]
  /** The caller, or the name of whoever the server does it for. */
  by: Caller | string
}

/**
 * What a change makes of a message that waits. Whoever handed it in gives it another time, or takes it back by taking the time away. What anybody else
 * makes of it does not go with the right of whoever handed it in: it is taken back. `undefined` = it stays as it is.
 */
export async function followChange(
  tx: Pick<WriteTx, 'jobs'>,
  row: ItemRow,
  { extended = {}, changing, by }: Change,
): Promise<'takenBack' | undefined> {
  const waiting = waitingOf(row)
  if (!waiting) return undefined
  const isSomebodyElse = typeof by !== 'string' && by.kind !== 'system' && by.recipient !== waiting.by
  const isTheirs = isSomebodyElse && changing.some((name) => !besideMessage.has(name))
  if (!isTheirs && !(sendTime in extended)) return undefined
  const at = isTheirs ? undefined : instantOf(extended[sendTime])
  if (at !== undefined) await makeSendDue(tx, row.mailbox, waiting, at)
  else await tx.jobs.remove(waiting.organisation, jobOf(row.mailbox, waiting.item))
  return at === undefined ? 'takenBack' : undefined
}

/** The message is a draft like any other again. Its job, which calls this, is over. */
export async function takeBack(tx: Pick<WriteTx, 'items'>, { mailbox, id, properties, extended }: ItemRow): Promise<void> {
  const { $sendLater: _, ...others } = properties
  const { [sendTime]: __, ...kept } = extended
  await tx.items.update(mailbox, id, { properties: { ...others, isSubmitted: false }, extended: kept })
}

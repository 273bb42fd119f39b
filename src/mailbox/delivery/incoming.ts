import type { Recipient } from '#directory'
import type { Properties } from '#model'
import type { WriteTx } from '#store'
import type { ParsedMessage } from '#wire'
import type { Delivery, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import type { Outgoing } from '../items/outgoing.ts'
import type { PreparedItem } from '../items/prepare.ts'

/** A message on its way into a mailbox, as the steps before have left it. */
export interface Incoming {
  readonly organisation: string
  readonly mailbox: string
  readonly owner: Recipient | undefined
  readonly delivery: Delivery
  readonly parsed: ParsedMessage
  /** Of the mailbox, as they were when the delivery began. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What is filed. Changed before the write alone. */
  item: NewItemInput
  /** Where it is filed: the kind of a folder that every mailbox has (`inbox`), or the number of any; undefined = nowhere. */
  folder: string | number | undefined
  /** Numbers of further folders that get a copy. */
  copies: number[]
  /** Properties added to what is filed, by steps within the write. */
  added: Properties
  /** Messages queued in the write that files this one: forwards, answers. */
  outgoing: Outgoing[]
}

/** What a step does within the write that files the message, before it is filed. */
export type WithinWrite = (tx: WriteTx, incoming: Incoming, prepared: PreparedItem) => Promise<void>

/**
 * A step of delivery: reads and decides before the write, where it may ask the directory and put bytes on disk; what has to be one with the
 * filing it gives back.
 */
export type DeliveryStep = (ctx: MailboxContext, incoming: Incoming) => Promise<WithinWrite | undefined>

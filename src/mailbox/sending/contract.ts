import type { Recipient } from '#directory'
import type { Caller, Instant } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { Folder, FolderRef, ItemRef, NewItemInput } from '../contract.ts'
import type { Answered } from './answered.ts'

/** Somebody in whose name another sends, and by what right. */
export interface Represented {
  recipient: Recipient
  right: 'sendAs' | 'onBehalf'
}

/** A copy that was not filed: whose it was to be, and why. The message goes out all the same. */
export interface CopyFailure {
  address: string
  reason: string
}

/**
 * To be run in the write that queues the message, once what the client itself files is filed (`saved`). A right that is gone by then →
 * SendAsDenied, and nothing is sent.
 */
export type KeepForRepresented = (tx: WriteTx, saved?: ItemRow) => Promise<CopyFailure[]>

/** A message that a client hands in as bytes, as it goes out. */
export interface Submission {
  caller: Caller
  represented: readonly Represented[]
  mime: Uint8Array
  /** Addresses of the envelope: those that the message does not name are its blind copies. */
  recipients: readonly string[]
}

export interface SendOptions {
  saveTo?: FolderRef
  changeKey?: number
  /** When it is to be sent, whatever the message says itself. */
  at?: Instant | 'now'
  /** The message that it answers, which is marked so once it goes. */
  answers?: Answered
}

/** Sending, and what sending for others leaves behind. Which right somebody has, `senderRightOf` says. */
export interface SendingVerbs {
  /**
   * Queues a message for the transport in the same write that files its copy. `saveTo` absent = keep none. One whose time is still to come (`at`, or
   * PidTagDeferredSendTime of its own) waits until then; moved, deleted, without the property, or with
   * anything that its addressees see changed by somebody else than whoever handed it in, it is taken back.
   */
  sendItem(caller: Caller, item: ItemRef, options: SendOptions): Promise<void>
  /** Makes and sends in one step (SendOnly, SendAndSaveCopy). One whose time is still to come waits in Drafts. Refused, it leaves nothing behind. */
  sendNew(caller: Caller, mailbox: string, input: NewItemInput, options: { saveTo?: FolderRef }): Promise<void>

  /** Bytes that a message of the caller's may have; Infinity = any number. */
  sendLimit(caller: Caller): Promise<number>

  /**
   * Makes ready what is kept of a submission in the mailboxes that it speaks for: a copy where Set-Mailbox says so
   * (-MessageCopyForSentAsEnabled, -MessageCopyForSendOnBehalfEnabled), once whatever the client saves.
   */
  keepForRepresented(submission: Submission): Promise<KeepForRepresented>
  /** Where the mailbox's sent items are saved. Not the caller's mailbox, nor open to them → AccessDenied. */
  sentItemsFolder(caller: Caller, mailbox: string): Promise<Folder>
  /**
   * Sets where the mailbox's sent items are saved; undefined = Sent Items. Refuses FolderNotFound, a folder that is not for mail or lies among
   * what is deleted → InvalidFolderTypeForOperation.
   */
  saveSentItemsTo(caller: Caller, mailbox: string, folder: FolderRef | undefined): Promise<void>
}

/** Items whose words are still to be made from what they hold: attachments are read after the write, by a job of kind `TextIndex`. */
import type { Instant } from '#model'
import type { ItemRow, SearchText } from '../contract.ts'

/** The kind of the job that a mailbox with waiting items has; its state names the mailbox. */
export const textIndexJob = 'TextIndex'

/** An item of whose attachments something could not be read. */
export interface TextProblem {
  item: number
  /** The internal row, for the next page. */
  row: number
  problem: string
  since: Instant
}

export interface TextReading {
  /** Items that wait, at most `limit`. */
  waiting(mailbox: string, limit: number): Promise<ItemRow[]>
  /** How many wait in all, and since when the one that waits longest does (0 = since before there was a queue). */
  lag(): Promise<{ waiting: number; since: Instant | undefined }>
  /** Items with something that cannot be read, behind a row, in the order of rows. */
  problems(mailbox: string, after: number, limit: number): Promise<TextProblem[]>
  countProblems(mailbox: string): Promise<number>
  /** True when all words of the item are in the index: it neither waits nor has something that cannot be read. */
  isWhole(mailbox: string, item: number): Promise<boolean>
}

export interface TextWriting extends TextReading {
  /**
   * Puts an item's words in place of those it had; it waits no more, and is kept among the problems when there is one. Takes no change
   * number. An item that has changed since it was read goes on waiting.
   */
  index(item: Pick<ItemRow, 'mailbox' | 'id' | 'change'>, text: SearchText, problem: string): Promise<void>
  /** True when nothing of the mailbox waits, and nothing can begin to before this write ends. */
  isDone(mailbox: string): Promise<boolean>
}

import type { Caller } from '#model'
import type { Item, ItemRef } from '../contract.ts'

export interface JunkVerbs {
  /**
   * [MS-OXWSCORE] 3.1.4.6 MarkAsJunk: adds the sender of a message to the blocked ones and trusts it no longer, or takes it out, and moves the message to Junk Email or
   * back to the Inbox when asked to, in one write. For the owner and full access alone: others → AccessDenied. What is no message →
   * InvalidOperation; more than a thousand blocked senders → DataSizeLimitExceeded.
   */
  markAsJunk(caller: Caller, item: ItemRef, how: { junk: boolean; move: boolean }): Promise<Item>
}

import type { MailboxContext } from '../context.ts'
import type { SendingVerbs } from './contract.ts'
import { keepSubmission } from './represented.ts'
import { sendItem } from './send-item.ts'
import { sendNew } from './send-new.ts'
import { sendLimit } from './send-size.ts'
import { saveSentItemsTo, sentItemsFolder } from './sent-items.ts'

/** What sends, and what sending leaves behind. */
export function createSending(ctx: MailboxContext): SendingVerbs {
  return {
    sendItem: (caller, item, options) => sendItem(ctx, caller, item, options),
    sendNew: (caller, mailbox, input, options) => sendNew(ctx, caller, mailbox, input, options),
    sendLimit: (caller) => sendLimit(ctx, caller),
    keepForRepresented: (submission) => keepSubmission(ctx, submission),
    sentItemsFolder: (caller, mailbox) => sentItemsFolder(ctx, caller, mailbox),
    saveSentItemsTo: (caller, mailbox, folder) => saveSentItemsTo(ctx, caller, mailbox, folder),
  }
}

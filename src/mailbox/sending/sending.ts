import type { Caller } from '#model'
import type { MailboxContext } from '../context.ts'
import type { FolderRef, NewItemInput } from '../contract.ts'
import { createItem } from '../items/create-item.ts'
import type { SendingVerbs } from './contract.ts'
import { deferredUntil } from './deferred.ts'
import { keepSubmission } from './represented.ts'
import { sendItem } from './send-item.ts'
import { sendNew } from './send-new.ts'
import { sendLimit } from './send-size.ts'
import { saveSentItemsTo, sentItemsFolder } from './sent-items.ts'

/** What sends, and what sending leaves behind. */
export function createSending(ctx: MailboxContext): SendingVerbs {
  return {
    sendItem: (caller, item, options) => sendItem(ctx, caller, item, options),
    sendNew: (caller, mailbox, input, options) => sendOrKeep(ctx, caller, mailbox, input, options),
    sendLimit: (caller) => sendLimit(ctx, caller),
    keepForRepresented: (submission) => keepSubmission(ctx, submission),
    sentItemsFolder: (caller, mailbox) => sentItemsFolder(ctx, caller, mailbox),
    saveSentItemsTo: (caller, mailbox, folder) => saveSentItemsTo(ctx, caller, mailbox, folder),
  }
}

/** A new message whose time is still to come is a draft that is handed in; any other is sent at once. */
async function sendOrKeep(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  input: NewItemInput,
  options: { saveTo?: FolderRef },
): Promise<void> {
  const at = deferredUntil(input.extended ?? {}, ctx.clock())
  if (at === undefined || at <= ctx.clock()) return sendNew(ctx, caller, mailbox, input, options)
  const { ref } = await createItem(ctx, caller, { mailbox, kind: 'drafts' }, input)
  await sendItem(ctx, caller, ref, { ...options, at })
}

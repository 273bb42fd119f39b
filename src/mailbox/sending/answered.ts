import { Refusal, type Caller } from '#model'
import { answeredChanges, type ReplyKind } from '../automatic/compose-reply.ts'
import type { MailboxContext } from '../context.ts'
import { updateItem } from '../items/update-item.ts'

/** The message that another answers, and how. */
export interface Answered {
  mailbox: string
  id: number
  kind: ReplyKind
}

/** Leaves on the original that it was answered. The answer is sent: an original that is gone, or not the caller's to change, hinders nothing. */
export async function markAnswered(ctx: MailboxContext, caller: Caller, { mailbox, id, kind }: Answered): Promise<void> {
  try {
    await updateItem(ctx, caller, { mailbox, id }, answeredChanges(kind), { conflict: 'AlwaysOverwrite', suppressReadReceipts: true })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

import type { MailboxContext } from '../context.ts'
import { applyConversationAction } from './apply-action.ts'
import type { ConversationVerbs } from './contract.ts'
import { conversationItems } from './conversation-items.ts'
import { findConversations } from './find-conversations.ts'

/** The verbs on conversations, for the protocols. */
export function createConversations(ctx: MailboxContext): ConversationVerbs {
  return {
    findConversations: (caller, input) => findConversations(ctx, caller, input),
    conversationItems: (caller, input) => conversationItems(ctx, caller, input),
    applyConversationAction: (caller, action) => applyConversationAction(ctx, caller, action),
  }
}

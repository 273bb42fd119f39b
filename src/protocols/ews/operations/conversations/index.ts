import type { EwsVerb } from '../../verb.ts'
import { applyConversationAction } from './apply-conversation-action.ts'
import { findConversation } from './find-conversation.ts'
import { getConversationItems } from './get-conversation-items.ts'

export const conversationVerbs: readonly EwsVerb[] = [findConversation, getConversationItems, applyConversationAction]

import { changeRule } from './change-rule.ts'
import { options } from './options.ts'
import { createRule } from './create-rule.ts'
import { saveAutomaticReplies } from './save-automatic-replies.ts'
import { saveBlockedSenders } from './save-blocked-senders.ts'
import { saveRegion } from './save-region.ts'

export const optionVerbs = { changeRule, createRule, options, saveAutomaticReplies, saveBlockedSenders, saveRegion }

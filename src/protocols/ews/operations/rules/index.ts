import type { EwsVerb } from '../../verb.ts'
import { getInboxRules } from './get-inbox-rules.ts'
import { updateInboxRules } from './update-inbox-rules.ts'

export const ruleVerbs: readonly EwsVerb[] = [getInboxRules, updateInboxRules]

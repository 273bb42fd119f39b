import type { Cmdlet } from '../registry/cmdlet.ts'
import { retentionPolicyCmdlets } from './policies.ts'
import { startAssistant, type AssistantCmdletNeeds } from './start-managed-folder-assistant.ts'
import { getRetentionPolicyTag } from './tags.ts'

/** The cmdlets of retention that do more than list and change one kind of object. */
export const retentionCmdlets = (needs: AssistantCmdletNeeds): readonly Cmdlet[] => [
  getRetentionPolicyTag,
  ...retentionPolicyCmdlets,
  startAssistant(needs),
]

import type { Cmdlet } from '../registry/cmdlet.ts'
import { startAssistant, type AssistantCmdletNeeds } from './start-managed-folder-assistant.ts'

/** The cmdlets of retention that work with mailboxes. */
export const retentionCmdlets = (needs: AssistantCmdletNeeds): readonly Cmdlet[] => [startAssistant(needs)]

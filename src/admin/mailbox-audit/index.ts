import type { Cmdlet } from '../registry/cmdlet.ts'
import { bypassCmdlets } from './bypass.ts'
import { searchCmdlets, type AuditCmdletNeeds } from './search.ts'
import { timelineCmdlets } from './timeline.ts'

/** The cmdlets on what mailboxes write down of what is done in them. */
export const mailboxAuditCmdlets = (needs: AuditCmdletNeeds): Cmdlet[] => [
  ...bypassCmdlets,
  ...searchCmdlets(needs),
  ...timelineCmdlets(needs),
]

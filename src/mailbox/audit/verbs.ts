import type { MailboxContext } from '../context.ts'
import type { AuditVerbs } from './contract.ts'
import { auditRecords } from './records.ts'
import { itemTimeline } from './timeline.ts'

/** The verbs on what was written down of a mailbox. */
export function createAudits(ctx: MailboxContext): AuditVerbs {
  return {
    auditRecords: (caller, query) => auditRecords(ctx, caller, query),
    itemTimeline: (caller, of) => itemTimeline(ctx, caller, of),
  }
}

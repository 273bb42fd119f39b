import type { Cmdlet } from '../registry/cmdlet.ts'
import type { AuditLog } from './log.ts'

/** The cmdlets of the admin audit log. */
export const auditCmdlets = (_log: AuditLog): Cmdlet[] => []

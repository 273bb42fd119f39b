import type { Cmdlet } from '../registry/cmdlet.ts'
import { auditConfig } from './config.ts'
import type { AuditLog } from './log.ts'
import { searchAuditLog } from './search.ts'
import { writeAuditLog } from './write.ts'

/** The cmdlets of the admin audit log. */
export const auditCmdlets = (log: AuditLog): Cmdlet[] => [...auditConfig, searchAuditLog(log), writeAuditLog]

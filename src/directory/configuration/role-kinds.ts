// table
/** The kind that says what the admin audit log keeps (Set-AdminAuditLogConfig). */
import { kind } from './kind.ts'
import { flag, form, list, onlySet, starting, text } from './property.ts'

export const roleKinds = {
  AdminAuditLogConfig: kind({
    source: 'Set-AdminAuditLogConfig',
    name: 'Admin Audit Log Settings',
    singleton: 'always',
    properties: {
      AdminAuditLogEnabled: onlySet(flag(true)),
      AdminAuditLogCmdlets: onlySet(starting(list(text(128), 500), ['*'])),
      AdminAuditLogParameters: onlySet(starting(list(text(128), 500), ['*'])),
      AdminAuditLogExcludedCmdlets: onlySet(list(text(128), 500)),
      AdminAuditLogAgeLimit: onlySet(starting(form(/^\d{1,4}\.\d\d:\d\d:\d\d$/, 'a length of time in days (90.00:00:00)'), '90.00:00:00')),
      TestCmdletLoggingEnabled: onlySet(flag(false)),
    },
  }),
} as const

import { bool, optional, string, treeIn } from '../../kernel/index.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'

/** Rules are kept as they came ([MS-OXWSRULES] 2.2.4 RuleType): who runs them reads what he knows of them. */
const Rule = treeIn('t', 'Rule')

export const GetInboxRules = single('GetInboxRules', '[MS-OXWSRULES] 3.1.4.1', {
  request: { MailboxSmtpAddress: optional(string) },
  message: { OutlookRuleBlobExists: optional(bool), InboxRules: optional(t.list('Rule', Rule)) },
})

export const UpdateInboxRules = single('UpdateInboxRules', '[MS-OXWSRULES] 3.1.4.2', {
  request: {
    MailboxSmtpAddress: optional(string),
    RemoveOutlookRuleBlob: optional(bool),
    Operations: t.anyOf({
      CreateRuleOperation: t.record({ Rule }),
      SetRuleOperation: t.record({ Rule }),
      DeleteRuleOperation: t.record({ RuleId: string }),
    }),
  },
  message: { RuleOperationErrors: optional(t.list('RuleOperationError', treeIn('t', 'RuleOperationError'))) },
})

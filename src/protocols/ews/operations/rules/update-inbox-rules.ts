import type { RuleChange, RuleProblem } from '#mailbox'
import { Refusal } from '#model'
import { UpdateInboxRules, type Infer, type RuleOperationErrorElement } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerOne, verb } from '../../verb.ts'
import { newRule } from './rule-element.ts'

type Operation = Infer<typeof UpdateInboxRules.request>['Operations'][number]

/**
 * Makes, changes and removes rules, all or none ([MS-OXWSRULES] 3.1.4.2): what is wrong with which of them stands in the answer beside
 * ErrorInboxRulesValidationError. There is no Outlook rule blob to be removed.
 */
export const updateInboxRules = verb(UpdateInboxRules, async ({ MailboxSmtpAddress, Operations }, context) => {
  let problems: RuleProblem[] = []
  const answer = await answerOne(context, async () => {
    const mailbox = await (MailboxSmtpAddress ? context.mailboxAt(MailboxSmtpAddress) : context.ownMailbox())
    // Rights come first: what is wrong with ids tells of the mailbox.
    await context.mailboxes.inboxRules(context.caller, mailbox)
    problems = await changeRules(context, mailbox, Operations)
    if (problems.length > 0) {
      throw new Refusal('InboxRulesValidationError', `No rule was changed: ${problems[0]?.field ?? ''}: ${problems[0]?.message ?? ''}`)
    }
    return {}
  })
  return problems.length > 0 ? { ...answer, RuleOperationErrors: errorElements(problems) } : answer
})

async function changeRules(context: EwsContext, mailbox: string, operations: readonly Operation[]): Promise<RuleProblem[]> {
  const changes: RuleChange[] = []
  const problems: RuleProblem[] = []
  for (const [change, operation] of operations.entries()) {
    if (operation.is === 'DeleteRuleOperation') {
      changes.push({ op: 'delete', id: operation.value.RuleId })
      continue
    }
    const made = await newRule(context, mailbox, operation.value.Rule)
    changes.push({ op: operation.is === 'CreateRuleOperation' ? 'create' : 'set', rule: made.rule })
    problems.push(...made.problems.map((problem) => ({ change, ...problem })))
  }
  return problems.length > 0 ? problems : context.mailboxes.changeInboxRules(context.caller, mailbox, changes)
}

/** [MS-OXWSRULES] 2.2.4.11: the errors of each operation together. */
function errorElements(problems: readonly RuleProblem[]): RuleOperationErrorElement[] {
  return [...Map.groupBy(problems, ({ change }) => change)].map(([OperationIndex, all]) => ({
    OperationIndex,
    ValidationErrors: all.map(({ field, code, message, value }) => ({
      FieldURI: field,
      ErrorCode: code,
      ErrorMessage: message,
      FieldValue: value,
    })),
  }))
}

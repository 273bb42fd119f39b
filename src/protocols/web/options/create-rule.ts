import { z } from 'zod'
import { Refusal } from '#model'
import type { RuleActions, RulePredicates, RuleProblem } from '#mailbox'
import { verb } from '../verb.ts'

const words = z.string().trim().max(255)
const input = z.object({
  name: words.min(1),
  from: words,
  subject: words,
  body: words,
  sentOnlyToMe: z.boolean(),
  hasAttachments: z.boolean(),
  moveTo: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  category: words,
  forwardTo: words,
  markAsRead: z.boolean(),
  remove: z.boolean(),
  stop: z.boolean(),
})

/** Makes a rule that runs after those that there are. What cannot be → InvalidArgument with what is wrong. */
export const createRule = verb(input, async ({ caller, mailboxes, mailbox }, form) => {
  const own = await mailbox()
  const { from, subject, body, moveTo, category, forwardTo } = form
  const conditions: RulePredicates = {
    ...(from ? { ContainsSenderStrings: [from] } : {}),
    ...(subject ? { ContainsSubjectStrings: [subject] } : {}),
    ...(body ? { ContainsBodyStrings: [body] } : {}),
    ...(form.sentOnlyToMe ? { SentOnlyToMe: true } : {}),
    ...(form.hasAttachments ? { HasAttachments: true } : {}),
  }
  const actions: RuleActions = {
    ...(moveTo === undefined ? {} : { MoveToFolder: moveTo }),
    ...(category ? { AssignCategories: [category] } : {}),
    ...(forwardTo ? { ForwardToRecipients: [{ name: forwardTo, address: forwardTo }] } : {}),
    ...(form.markAsRead ? { MarkAsRead: true } : {}),
    ...(form.remove ? { Delete: true } : {}),
    ...(form.stop ? { StopProcessingRules: true } : {}),
  }
  const priority = Math.max(0, ...(await mailboxes.inboxRules(caller, own)).map((rule) => rule.priority)) + 1
  const rule = { ...{ name: form.name, priority, enabled: true }, ...{ conditions, exceptions: {}, actions } }
  requireWell(await mailboxes.changeInboxRules(caller, own, [{ op: 'create', rule }]))
  return {}
})

/** What is wrong with a rule → InvalidArgument in its words. */
export function requireWell(problems: RuleProblem[]): void {
  if (problems.length > 0) throw new Refusal('InvalidArgument', problems.map(({ message }) => message).join(' '))
}

import { z } from 'zod'
import { Refusal } from '#model'
import { flagRequests, type RuleActions, type RulePredicates, type RuleProblem } from '#mailbox'
import { verb } from '../verb.ts'
import { requirePage, requireParameters } from './pages.ts'

const words = z.array(z.string().trim().min(1).max(255)).min(1).max(100)
const people = z.array(z.object({ name: z.string().max(255).optional(), address: z.string().trim().min(1).max(320) })).min(1).max(100) // prettier-ignore
const importance = z.enum(['Low', 'Normal', 'High'])
const instant = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const kilobytes = z.number().int().min(0).max(10_000_000)
const folder = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const yes = z.literal(true)

/** [MS-OXWSRULES] 2.2.4.8 RulePredicatesType, as far as the form shows it. */
const predicates = z.strictObject({
  FromAddresses: people,
  ContainsSenderStrings: words,
  SentToAddresses: people,
  ContainsRecipientStrings: words,
  ContainsSubjectStrings: words,
  ContainsBodyStrings: words,
  ContainsSubjectOrBodyStrings: words,
  ContainsHeaderStrings: words,
  SentToMe: yes,
  SentOnlyToMe: yes,
  SentCcMe: yes,
  SentToOrCcMe: yes,
  NotSentToMe: yes,
  HasAttachments: yes,
  IsMeetingRequest: yes,
  IsMeetingResponse: yes,
  IsAutomaticReply: yes,
  IsAutomaticForward: yes,
  IsNDR: yes,
  IsReadReceipt: yes,
  IsSigned: yes,
  IsEncrypted: yes,
  Importance: importance,
  Sensitivity: z.enum(['Normal', 'Personal', 'Private', 'Confidential']),
  FlaggedForAction: z.enum(flagRequests),
  Categories: words,
  WithinDateRange: z.object({ from: instant, to: instant }).partial(),
  WithinSizeRange: z.object({ least: kilobytes, most: kilobytes }).partial(),
}).partial() // prettier-ignore

/** [MS-OXWSRULES] 2.2.4.6 RuleActionsType, as far as the form shows it. */
const actions = z.strictObject({
  MoveToFolder: folder,
  CopyToFolder: folder,
  Delete: yes,
  PermanentDelete: yes,
  AssignCategories: words,
  MarkImportance: importance,
  MarkAsRead: yes,
  ForwardToRecipients: people,
  ForwardAsAttachmentToRecipients: people,
  RedirectToRecipients: people,
  StopProcessingRules: yes,
}).partial() // prettier-ignore

/** What New-InboxRule calls each of them: whose policy takes the parameter away makes no rule that does it. */
const actionParameters = {
  MoveToFolder: 'MoveToFolder',
  CopyToFolder: 'CopyToFolder',
  Delete: 'DeleteMessage',
  PermanentDelete: 'DeleteMessage',
  AssignCategories: 'ApplyCategory',
  MarkImportance: 'MarkImportance',
  MarkAsRead: 'MarkAsRead',
  ForwardToRecipients: 'ForwardTo',
  ForwardAsAttachmentToRecipients: 'ForwardAsAttachmentTo',
  RedirectToRecipients: 'RedirectTo',
  StopProcessingRules: 'StopProcessingRules',
} as const satisfies Record<keyof typeof actions.shape, string>
const actionNames = Object.keys(actionParameters) as (keyof typeof actionParameters)[]

const input = z.object({
  /** Absent = a new rule, which runs after those that there are. */
  id: z.string().min(1).max(100).optional(),
  name: z.string().trim().min(1).max(255),
  conditions: predicates,
  exceptions: predicates,
  actions,
})

/**
 * Makes a rule, or changes the one named; what the form does not show of it stays, and one that was in error runs again. What cannot be →
 * InvalidArgument with what is wrong; what it does and the caller's policy takes away → AccessDenied.
 */
export const saveRule = verb(input, async (context, { id, name, ...form }) => {
  await requirePage(context, 'rules')
  await requireParameters(context, 'rules', actionNames.flatMap((name) => (form.actions[name] === undefined ? [] : actionParameters[name]))) // prettier-ignore
  const { caller, mailboxes, mailbox } = context
  const own = await mailbox()
  const rules = await mailboxes.inboxRules(caller, own)
  const before = rules.find((rule) => rule.id === id)
  if (id !== undefined && !before) throw new Refusal('ItemNotFound', 'The rule is not there any more.')
  const parts = {
    conditions: { ...unshown(before?.conditions, predicates.shape), ...form.conditions } as RulePredicates,
    exceptions: { ...unshown(before?.exceptions, predicates.shape), ...form.exceptions } as RulePredicates,
    actions: { ...unshown(before?.actions, actions.shape), ...form.actions } as RuleActions,
  }
  if (before) {
    const { inError: _, ...kept } = before
    requireWell(await mailboxes.changeInboxRules(caller, own, [{ op: 'set', rule: { ...kept, name, ...parts } }]))
    return {}
  }
  const priority = Math.max(0, ...rules.map((rule) => rule.priority)) + 1
  requireWell(await mailboxes.changeInboxRules(caller, own, [{ op: 'create', rule: { name, priority, enabled: true, ...parts } }]))
  return {}
})

/** What other clients said that the form has no place for. */
const unshown = (values: object = {}, shape: object) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !Object.hasOwn(shape, name)))

/** What is wrong with a rule → InvalidArgument in its words. */
export function requireWell(problems: RuleProblem[]): void {
  if (problems.length > 0) throw new Refusal('InvalidArgument', problems.map(({ message }) => message).join(' '))
}

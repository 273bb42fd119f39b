import type { EmailAddress } from '#model'
import type { ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { InboxRule, NewRule, RuleActions, RuleChange, RuleField, RulePredicates, RuleProblem, RuleProblemCode } from './contract.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'

/** What is wrong, without the change that it is of. */
type Problem = Omit<RuleProblem, 'change'>
type Report = (field: RuleField, code: RuleProblemCode, message: string, value?: unknown) => void

/** Characters of one text, people of one list. */
const longest = 255
const mostPeople = 100
const smtp = /^[^\s@<>"]+@[^\s@<>"]+$/
const peopleOfPredicates = ['FromAddresses', 'SentToAddresses'] as const
const peopleOfActions = ['ForwardAsAttachmentToRecipients', 'ForwardToRecipients', 'RedirectToRecipients'] as const

/**
 * What is wrong with a rule by itself ([MS-OXWSRULES] 2.2.5.3), and the rule with its people as SMTP addresses. Folders and messages are looked
 * for by `missingTargets`.
 */
export async function checkRule(ctx: MailboxContext, organisation: string, rule: NewRule): Promise<{ rule: NewRule; problems: Problem[] }> {
  const problems: Problem[] = []
  const report: Report = (field, code, message, value = '') =>
    problems.push({ field, code, message, value: String(value).slice(0, longest) })
  if (rule.name.trim() === '') report('DisplayName', 'EmptyValueFound', 'A rule needs a name.')
  if (rule.name.length > longest) report('DisplayName', 'StringValueTooBig', `A rule's name has at most ${longest} characters.`, rule.name)
  if (rule.priority < 1) report('Priority', 'InvalidValue', 'The first rule has priority 1.', rule.priority)
  const conditions = await checkPredicates(ctx, organisation, 'Condition', rule.conditions, report)
  const exceptions = await checkPredicates(ctx, organisation, 'Exception', rule.exceptions, report)
  const actions = await checkActions(ctx, organisation, rule.actions, report)
  return { rule: { ...rule, conditions, exceptions, actions }, problems }
}

async function checkPredicates(
  ctx: MailboxContext,
  organisation: string,
  part: 'Condition' | 'Exception',
  given: RulePredicates,
  report: Report,
): Promise<RulePredicates> {
  const predicates = { ...given }
  checkTexts(part, predicates, report)
  for (const name of peopleOfPredicates) {
    const people = predicates[name]
    if (people) predicates[name] = await checkPeople(ctx, organisation, `${part}:${name}`, people, report)
  }
  const dates = predicates.WithinDateRange
  if (dates) {
    const field = `${part}:WithinDateRange` as const
    if (dates.from === undefined && dates.to === undefined) report(field, 'MissingRangeValue', 'A range needs a beginning or an end.')
    if (dates.from !== undefined && dates.to !== undefined && dates.to < dates.from) {
      report(field, 'InvalidDateRange', 'The range ends before it begins.')
    }
  }
  const sizes = predicates.WithinSizeRange
  if (sizes) checkSizes(`${part}:WithinSizeRange`, sizes, report)
  for (const name of predicates.FromConnectedAccounts ?? []) {
    report(`${part}:FromConnectedAccounts`, 'ConnectedAccountNotFound', 'Other accounts cannot be connected to a mailbox here.', name)
  }
  for (const name of predicates.MessageClassifications ?? []) {
    report(`${part}:MessageClassifications`, 'MessageClassificationNotFound', 'There is no such message classification.', name)
  }
  return predicates
}

function checkSizes(field: RuleField, { least, most }: { least?: number; most?: number }, report: Report): void {
  if (least === undefined && most === undefined) report(field, 'MissingRangeValue', 'A range needs a least or a greatest size.')
  if ((least ?? 0) < 0 || (most ?? 0) < 0) report(field, 'SizeLessThanZero', 'A size is not below 0.', Math.min(least ?? 0, most ?? 0))
  else if (least !== undefined && most !== undefined && most < least) {
    report(field, 'InvalidSizeRange', 'The greatest size is below the least.', most)
  }
}

/** Lists that are there hold something, and no text is empty or too long. */
function checkTexts(part: string, values: RulePredicates | RuleActions, report: Report): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Array.isArray(value)) continue
    const field = `${part}:${name}` as RuleField
    if (value.length === 0) report(field, 'EmptyValueFound', 'The list is empty: leave it out.')
    for (const one of value) {
      if (typeof one !== 'string') continue
      if (one.trim() === '') report(field, 'EmptyValueFound', 'A text is empty.')
      if (one.length > longest) report(field, 'StringValueTooBig', `A text has at most ${longest} characters.`, one)
    }
  }
}

async function checkActions(ctx: MailboxContext, organisation: string, given: RuleActions, report: Report): Promise<RuleActions> {
  const actions = { ...given }
  if (!Object.values(actions).some((value) => value !== undefined && value !== false)) {
    report('Actions', 'MissingAction', 'A rule needs something to do.')
  }
  checkTexts('Action', actions, report)
  for (const name of peopleOfActions) {
    const people = actions[name]
    if (people) actions[name] = await checkPeople(ctx, organisation, `Action:${name}`, people, report)
  }
  if (actions.SendSMSAlertToRecipients?.length) {
    report('Action:SendSMSAlertToRecipients', 'UnsupportedRule', 'This server sends no text messages to phones.')
  }
  return actions
}

/** The people with SMTP addresses: those that the directory knows by another name with the address it has for them. */
async function checkPeople(
  ctx: MailboxContext,
  organisation: string,
  field: RuleField,
  people: readonly EmailAddress[],
  report: Report,
): Promise<EmailAddress[]> {
  if (people.length > mostPeople) {
    report(field, 'InvalidValue', `At most ${mostPeople} people: name a group.`, people.length)
    return []
  }
  const found: EmailAddress[] = []
  for (const one of people) {
    const address = one.address?.trim() ?? ''
    const type = (one.routingType || 'SMTP').toUpperCase()
    if (address === '') report(field, 'InvalidAddress', 'A person has no address.', one.name)
    else if (type !== 'SMTP' && type !== 'EX') report(field, 'UnsupportedAddress', `Nothing can be sent by ${type}.`, address)
    else if (type === 'SMTP' && smtp.test(address)) found.push({ ...one, address, routingType: 'SMTP' })
    else {
      const known = await ctx.directory.find(address, organisation)
      if (known) found.push({ name: known.displayName, address: known.address, routingType: 'SMTP' })
      else if (address.includes('@')) report(field, 'InvalidAddress', 'This is no address.', address)
      else report(field, 'RecipientDoesNotExist', 'The directory knows nobody by this name.', address)
    }
  }
  return found
}

/** What a rule's actions name that is not there: the field, and whether it is a folder or a message. */
export async function missingTargets(tx: ReadTx, mailbox: string, { actions }: Pick<InboxRule, 'actions'>): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const name of ['CopyToFolder', 'MoveToFolder'] as const) {
    const id = actions[name]
    if (id === undefined) continue
    const folder = await tx.folders.get(mailbox, id)
    // A search folder shows what lies in others: mail filed in it would be seen nowhere.
    if (folder && !isSearchFolder(folder)) continue
    problems.push({
      field: `Action:${name}`,
      code: 'FolderDoesNotExist',
      message: 'There is no such folder in the mailbox that mail can be filed in.',
      value: '',
    })
  }
  const template = actions.ServerReplyWithMessage
  if (template !== undefined && !(await tx.items.get(mailbox, template))) {
    const message = 'There is no such message in the mailbox.'
    problems.push({ field: 'Action:ServerReplyWithMessage', code: 'InvalidValue', message, value: '' })
  }
  return problems
}

/** What is wrong with the changes among each other and with the rules that there are. */
export function conflicts(changes: readonly RuleChange[], rules: readonly InboxRule[]): RuleProblem[] {
  const problems: RuleProblem[] = []
  const known = new Set(rules.map(({ id }) => id))
  const named = new Set<string>()
  const priorities = new Set<number>()
  changes.forEach((one, change) => {
    const report: Report = (field, code, message, value = '') => problems.push({ change, field, code, message, value: String(value) })
    const id = one.op === 'delete' ? one.id : (one.rule.id ?? '')
    if (one.op === 'create') {
      if (id !== '') report('RuleId', 'CreateWithRuleId', 'A new rule gets its id from the server.', id)
    } else if (id === '') report('RuleId', 'MissingParameter', 'Say which rule.')
    else if (!known.has(id)) report('RuleId', 'RuleNotFound', 'There is no such rule.', id.slice(0, longest))
    else if (named.has(id)) report('RuleId', 'DuplicatedOperationOnTheSameRule', 'The rule is changed twice.', id)
    named.add(id)
    if (one.op === 'delete') return
    const { priority } = one.rule
    if (priorities.has(priority)) report('Priority', 'DuplicatedPriority', 'Two of the rules have the same priority.', priority)
    priorities.add(priority)
  })
  return problems
}

import { Refusal, type Caller } from '#model'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import type { InboxRule, NewRule, RuleChange, RuleProblem, RuleVerbs } from './contract.ts'
import { checkRule, conflicts, missingTargets } from './validate.ts'

/** Bytes of a mailbox's rules together ([MS-OXWSRULES] 3.1.4.2: ErrorRulesOverQuota), and changes in one request. */
const quota = 64 * 1024
const mostChanges = 1000

/** The verbs on Inbox rules, for the protocols. */
export function createRules(ctx: MailboxContext): RuleVerbs {
  return {
    inboxRules: (caller, mailbox) => inboxRules(ctx, caller, mailbox),
    changeInboxRules: (caller, mailbox, changes) => changeInboxRules(ctx, caller, mailbox, changes),
  }
}

/** The rules that a mailbox's settings keep, in the order in which they run. */
export function storedRules(settings: Readonly<Record<string, unknown>>): readonly InboxRule[] {
  return (settings.inboxRules as InboxRule[] | undefined) ?? []
}

async function ownersAccess(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'Only the owner may see and set the rules of a mailbox.')
  return access
}

async function inboxRules(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<InboxRule[]> {
  await ownersAccess(ctx, caller, mailbox)
  const row = await ctx.store.read((tx) => tx.mailboxes.get(mailbox))
  if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
  return [...storedRules(row.settings)]
}

async function changeInboxRules(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  changes: readonly RuleChange[],
): Promise<RuleProblem[]> {
  const access = await ownersAccess(ctx, caller, mailbox)
  if (changes.length > mostChanges) throw new Refusal('RulesOverQuota', `At most ${mostChanges} rules are changed at once.`)
  const checked: RuleChange[] = []
  const problems: RuleProblem[] = []
  for (const [change, one] of changes.entries()) {
    if (one.op === 'delete') checked.push(one)
    else {
      const found = await checkRule(ctx, caller.organisation, one.rule)
      checked.push({ ...one, rule: found.rule })
      problems.push(...found.problems.map((problem) => ({ change, ...problem })))
    }
  }
  return ctx.store.write(async (tx) => {
    const row = await tx.mailboxes.get(mailbox)
    if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
    const rules = storedRules(row.settings)
    problems.push(...conflicts(checked, rules))
    for (const [change, one] of checked.entries()) {
      if (one.op === 'delete') continue
      problems.push(...(await missingTargets(tx, mailbox, one.rule)).map((problem) => ({ change, ...problem })))
    }
    if (problems.length > 0) return problems.toSorted((a, b) => a.change - b.change)
    const changed = applied(ctx, rules, checked)
    if (Buffer.byteLength(JSON.stringify(changed)) > quota) {
      throw new Refusal('RulesOverQuota', `The rules of a mailbox take at most ${quota / 1024} KB together. Remove some first.`)
    }
    await tx.mailboxes.saveSettings(mailbox, { ...row.settings, inboxRules: changed })
    const names = checked.map((one) => (one.op === 'delete' ? (rules.find(({ id }) => id === one.id)?.name ?? one.id) : one.rule.name))
    await audit(tx, ctx, access, { operation: 'UpdateInboxRules', changed: names })
    return []
  })
}

/** The rules after the changes, in order, each with a priority of its own: one that is set anew goes before another of the same. */
function applied(ctx: MailboxContext, rules: readonly InboxRule[], changes: readonly RuleChange[]): InboxRule[] {
  const gone = new Set(changes.map((one) => (one.op === 'delete' ? one.id : one.rule.id)))
  const fresh = changes.flatMap((one) => (one.op === 'delete' ? [] : [kept(one.rule, one.rule.id || newId(ctx))]))
  const all = [...fresh, ...rules.filter(({ id }) => !gone.has(id))].toSorted((a, b) => a.priority - b.priority)
  let last = 0
  return all.map((rule) => ({ ...rule, priority: (last = Math.max(rule.priority, last + 1)) }))
}

const kept = ({ name, priority, enabled, conditions, exceptions, actions }: NewRule, id: string): InboxRule => ({
  id,
  name,
  priority,
  enabled,
  conditions,
  exceptions,
  actions,
})

/** As Outlook shows them: base64 of a number. */
function newId(ctx: MailboxContext): string {
  return Buffer.from(ctx.random(8)).toString('base64')
}

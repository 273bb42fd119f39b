import { z } from 'zod'
import { Refusal } from '#model'
import type { RuleChange } from '#mailbox'
import { verb } from '../verb.ts'
import { requirePage } from './pages.ts'
import { requireWell } from './save-rule.ts'

const input = z.object({ id: z.string().min(1).max(100), how: z.enum(['enable', 'disable', 'delete', 'up', 'down']) })

/** Turns a rule on or off, lets it run before or after its neighbour, or deletes it. Not there → ItemNotFound. */
export const changeRule = verb(input, async (context, { id, how }) => {
  await requirePage(context, 'rules')
  const { caller, mailboxes, mailbox } = context
  const own = await mailbox()
  const rules = (await mailboxes.inboxRules(caller, own)).toSorted((a, b) => a.priority - b.priority)
  const at = rules.findIndex((rule) => rule.id === id)
  const rule = rules[at]
  if (!rule) throw new Refusal('ItemNotFound', 'The rule is not there any more.')
  const changes: RuleChange[] = []
  if (how === 'delete') changes.push({ op: 'delete', id })
  else if (how === 'enable' || how === 'disable') changes.push({ op: 'set', rule: { ...rule, enabled: how === 'enable' } })
  else {
    // A rule that is given the place of another goes before it.
    const [first, second] = how === 'up' ? [rules[at - 1], rule] : [rule, rules[at + 1]]
    if (first && second) changes.push({ op: 'set', rule: { ...second, priority: first.priority } })
  }
  if (changes.length > 0) requireWell(await mailboxes.changeInboxRules(caller, own, changes))
  return {}
})

import type { Properties } from '#model'
import type { MessageFacts } from '../automatic/facts.ts'
import type { MailboxContext } from '../context.ts'
import type { Incoming } from '../delivery/incoming.ts'
import { isExcepted, meets } from './conditions.ts'
import type { InboxRule, RuleActions } from './contract.ts'
import { forwarded, goesInCircles, redirected } from './forward.ts'
import { replyWithTemplate } from './reply.ts'

/** The rules that are for a message, in order, up to one that ends them ([MS-OXORULE] 3.2.5.1: by sequence, until ST_EXIT_LEVEL). */
export function matching(facts: MessageFacts, rules: readonly InboxRule[]): InboxRule[] {
  const found: InboxRule[] = []
  for (const rule of rules) {
    if (!rule.enabled || rule.inError || !meets(facts, rule.conditions) || isExcepted(facts, rule.exceptions)) continue
    found.push(rule)
    if (rule.actions.StopProcessingRules) break
  }
  return found
}

/** Where the rules want a message: the folders of moves and copies, and whether it leaves the Inbox otherwise. */
export function places(rules: readonly InboxRule[]): Pick<Incoming, 'folder' | 'copies'> {
  const numbers = (name: 'MoveToFolder' | 'CopyToFolder'): number[] =>
    rules.flatMap(({ actions }) => (actions[name] === undefined ? [] : [actions[name]]))
  const moves = [...new Set(numbers('MoveToFolder'))]
  const copies = [...new Set(numbers('CopyToFolder'))]
  const is = (name: 'Delete' | 'PermanentDelete'): boolean => rules.some(({ actions }) => actions[name] === true)
  // Several moves leave a copy in each folder, and deletion takes the message itself alone ([MS-OXORULE] 2.2.5.1.1 OP_MOVE, OP_DELETE).
  if (is('PermanentDelete')) return { folder: undefined, copies: [...copies, ...moves] }
  if (is('Delete')) return { folder: 'deleteditems', copies: [...copies, ...moves] }
  const [first = 'inbox', ...others] = moves
  return { folder: first, copies: [...copies, ...others] }
}

/** What the rules change of the message that is filed. */
export function changesOf(rules: readonly InboxRule[], facts: MessageFacts): Properties {
  const categories = rules.flatMap(({ actions }) => actions.AssignCategories ?? [])
  const importance = rules.findLast(({ actions }) => actions.MarkImportance)?.actions.MarkImportance
  return {
    ...(categories.length > 0 ? { categories: [...new Set([...facts.categories, ...categories])] } : {}),
    ...(importance ? { importance } : {}),
    ...(rules.some(({ actions }) => actions.MarkAsRead) ? { isRead: true } : {}),
  }
}

const sendingActions: readonly (keyof RuleActions)[] = [
  'ForwardToRecipients',
  'ForwardAsAttachmentToRecipients',
  'RedirectToRecipients',
  'ServerReplyWithMessage',
]

/** Rules of one mailbox that send on the same message: each makes it anew. */
const mostSending = 20

/** Makes the messages that rules send, and gives them to the delivery to be queued with the filing. */
export async function sendOn(ctx: MailboxContext, incoming: Incoming, rules: readonly InboxRule[], facts: MessageFacts): Promise<void> {
  const { owner } = incoming
  const sending = rules.filter(({ actions }) => sendingActions.some((name) => actions[name] !== undefined))
  if (!owner || sending.length === 0 || goesInCircles(incoming, facts.mine)) return
  for (const { actions } of sending.slice(0, mostSending)) {
    if (actions.RedirectToRecipients) incoming.outgoing.push(await redirected(ctx, incoming, owner, actions.RedirectToRecipients))
    if (actions.ForwardToRecipients) incoming.outgoing.push(await forwarded(ctx, incoming, owner, actions.ForwardToRecipients, false))
    if (actions.ForwardAsAttachmentToRecipients) {
      incoming.outgoing.push(await forwarded(ctx, incoming, owner, actions.ForwardAsAttachmentToRecipients, true))
    }
    const reply = actions.ServerReplyWithMessage
    if (reply !== undefined) incoming.outgoing.push(...(await replyWithTemplate(ctx, incoming, owner, reply)))
  }
}

import type { WriteTx } from '#store'
import { factsOf } from '../automatic/facts.ts'
import type { InboxRule } from '../rules/contract.ts'
import { storedRules } from '../rules/rules.ts'
import { changesOf, matching, places, sendOn } from '../rules/run.ts'
import { missingTargets } from '../rules/validate.ts'
import type { DeliveryStep } from './incoming.ts'

/**
 * The mailbox's rules on what would go to the Inbox. What they send is queued with the filing. A rule whose folder or message is gone does
 * nothing of what needs it and is in error from then on.
 */
export const rules: DeliveryStep = async (ctx, incoming) => {
  const stored = storedRules(incoming.settings)
  if (stored.length === 0 || incoming.folder !== 'inbox') return undefined
  const facts = factsOf(incoming)
  const found = matching(facts, stored)
  if (found.length === 0) return undefined
  incoming.item = { ...incoming.item, properties: { ...incoming.item.properties, ...changesOf(found, facts) } }
  await sendOn(ctx, incoming, found, facts)
  return async (tx, writing) => {
    const broken = await brokenRules(tx, writing.mailbox, found)
    if (broken.size > 0) await noteErrors(tx, writing.mailbox, broken)
    const { folder, copies } = places(found.filter(({ id }) => !broken.has(id)))
    writing.folder = folder
    writing.copies.push(...copies)
  }
}

async function brokenRules(tx: WriteTx, mailbox: string, found: readonly InboxRule[]): Promise<Set<string>> {
  const broken = new Set<string>()
  for (const rule of found) if ((await missingTargets(tx, mailbox, rule)).length > 0) broken.add(rule.id)
  return broken
}

async function noteErrors(tx: WriteTx, mailbox: string, broken: ReadonlySet<string>): Promise<void> {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) return
  const inboxRules = storedRules(row.settings).map((rule) => (broken.has(rule.id) ? { ...rule, inError: true } : rule))
  await tx.mailboxes.saveSettings(mailbox, { ...row.settings, inboxRules })
}

import { propertyRow, type EmailAddress } from '#model'
import type { ItemRow } from '#store'
import { displayName, flagNumbers } from '../items/columns.ts'
import type { ConversationSummary } from './contract.ts'

const flagNames = Object.fromEntries(Object.entries(flagNumbers).map(([name, number]) => [number, name]))
/** What a flag counts: one flagged message makes the conversation flagged, before one that is done. */
const flagRank = [flagNumbers.Flagged, flagNumbers.Complete, flagNumbers.NotFlagged]

function distinct(values: Iterable<string>): string[] {
  return [...new Set([...values].filter((value) => value !== ''))]
}

/** What rows, the newest first, say together. */
export function summaryOf(rows: readonly ItemRow[]): ConversationSummary {
  const importances = propertyRow('importance').choices as readonly ('Low' | 'Normal' | 'High')[]
  const recipients = rows.flatMap(({ properties }) => ((properties.toRecipients ?? []) as EmailAddress[]).map(displayName))
  const unread = rows.filter((row) => !row.isRead)
  const flags = new Set(rows.map((row) => row.flagStatus))
  const flag = flagRank.find((each) => flags.has(each)) ?? flagNumbers.NotFlagged
  return {
    recipients: distinct(recipients),
    senders: distinct(rows.map((row) => row.fromName)),
    unreadSenders: distinct(unread.map((row) => row.fromName)),
    lastDelivery: rows[0]?.received ?? 0,
    categories: distinct(rows.flatMap(({ properties }) => (properties.categories ?? []) as string[])),
    flagStatus: flagNames[flag] as ConversationSummary['flagStatus'],
    hasAttachments: rows.some((row) => row.hasAttachments),
    messages: rows.length,
    unread: unread.length,
    size: rows.reduce((sum, row) => sum + row.size, 0),
    itemClasses: distinct(rows.map((row) => row.itemClass)),
    importance: importances[rows.reduce((highest, row) => Math.max(highest, row.importance), 0)] ?? 'Normal',
    items: rows.map(({ id, change, isDraft }) => ({ id, change, isDraft })),
  }
}

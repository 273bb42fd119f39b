import { isKind, type EmailAddress, type Flag, type Instant, type ItemKind } from '#model'
import type { ColumnCondition, ItemRow } from '#store'
import { flagNumbers } from '../items/columns.ts'
import type { ConversationFilter } from './contract.ts'

export interface FilterContext {
  now: Instant
  /** Of the mailbox's owner, lower case. */
  address: string
}

/** Columns that the filters look at, besides those that every row has. */
export const filterColumns = ['conversation', 'received', 'flagStatus', 'hasAttachments'] as const

type Test = (row: ItemRow, context: FilterContext) => boolean

const nothing: Test = () => false
const flagged: Test = (row) => row.flagStatus === flagNumbers.Flagged
const isClutter: Test = ({ properties }) => properties.isClutter === true

/** Whether a message makes its conversation fit ([MS-OXWSCONV] 2.2.5 ViewFilterType). Nothing is suggested here. */
export const filters: Readonly<Record<ConversationFilter, Test>> = {
  All: () => true,
  Flagged: flagged,
  HasAttachment: (row) => row.hasAttachments,
  ToOrCcMe: ({ kind, properties }, { address }) =>
    isKind(kind as ItemKind, 'message') &&
    [properties.toRecipients, properties.ccRecipients].some((list) =>
      ((list ?? []) as EmailAddress[]).some((one) => one.address?.toLowerCase() === address),
    ),
  Unread: (row) => !row.isRead,
  TaskActive: flagged,
  TaskOverdue: (row, context) => {
    const due = (row.properties.flag as Flag | undefined)?.due
    return flagged(row, context) && typeof due === 'number' && due < context.now
  },
  TaskCompleted: (row) => row.flagStatus === flagNumbers.Complete,
  Suggestions: nothing,
  SuggestionsRespond: nothing,
  SuggestionsDelete: nothing,
  NoClutter: (row, context) => !isClutter(row, context),
  Clutter: isClutter,
}

const isFlagged: ColumnCondition = { column: 'flagStatus', is: '=', value: flagNumbers.Flagged }

/** What the store can test of a filter by itself, so that messages that do not fit are never read. */
export const filterConditions: Partial<Record<ConversationFilter, ColumnCondition>> = {
  Flagged: isFlagged,
  HasAttachment: { column: 'hasAttachments', is: '=', value: true },
  Unread: { column: 'isRead', is: '=', value: false },
  TaskActive: isFlagged,
  TaskOverdue: isFlagged,
  TaskCompleted: { column: 'flagStatus', is: '=', value: flagNumbers.Complete },
}

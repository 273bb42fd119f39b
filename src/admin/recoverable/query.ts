import { administratorCaller, type Caller } from '#model'
import { recoverableSources, type RecoverableItem, type RecoverableQuery } from '#mailbox'
import { mailboxFor, type OpenMailbox } from '../mailboxes/mailbox-for.ts'
import type { CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import type { Arguments } from '../registry/parameter.ts'

/** The role that Exchange asks for: nobody holds it until it is given. */
export const roles = ['Mailbox Import Export'] as const
/** Items of a mailbox that are shown or restored where nobody says how many. */
export const usualResultSize = 1000
const mostTags = 100

/** What both cmdlets take to choose items. */
export const choosing = {
  Identity: take.mandatory(take.list(take.identity()), { position: 0, pipeline: true, summary: 'The mailbox, or several.' }),
  EntryID: take.optional(take.string(), { pipeline: true, summary: 'The one item, by the EntryID that Get-RecoverableItems shows.' }),
  SourceFolder: take.optional(take.oneOf(recoverableSources), {
    summary:
      'Where it is looked for: DeletedItems, RecoverableItems (Deletions), PurgedItems (Purges) or, only when named, DiscoveryHoldsItems.',
  }),
  FilterItemType: take.optional(take.string(), {
    summary: 'The item class, with those below it: `IPM.Note`; `*` stands for anything.',
  }),
  SubjectContains: take.optional(take.string(), { summary: 'A text in the subject, in whatever case.' }),
  FilterStartTime: take.optional(take.instant(), { summary: 'What was changed last, so deleted, no sooner than that.' }),
  FilterEndTime: take.optional(take.instant(), { summary: 'What was changed last, so deleted, no later than that.' }),
  LastParentFolderID: take.optional(take.string(), {
    summary: 'The folder that it lay in, by the 44 hexadecimal digits that Get-RecoverableItems shows.',
  }),
  PolicyTag: take.optional(take.list(take.guid()), { summary: 'A retention tag that the item has, by its GUID.' }),
  ResultSize: take.optional(take.count(), { fallback: usualResultSize, summary: 'At most that many of each mailbox, or Unlimited.' }),
  MaxParallelSize: take.optional(take.within(take.number(), 1, 10), { summary: 'So many mailboxes are worked on at once.' }),
}

/** The question that the parameters ask. */
export function queryOf(args: Omit<Arguments<typeof choosing>, 'Identity'>): RecoverableQuery {
  return {
    ...(args.SourceFolder ? { sources: [args.SourceFolder] } : {}),
    ...(args.FilterItemType === undefined ? {} : { itemClass: args.FilterItemType }),
    ...(args.SubjectContains === undefined ? {} : { subjectContains: args.SubjectContains }),
    ...(args.FilterStartTime === undefined ? {} : { from: args.FilterStartTime }),
    ...(args.FilterEndTime === undefined ? {} : { to: args.FilterEndTime }),
    ...(args.LastParentFolderID === undefined ? {} : { lastParentFolderId: args.LastParentFolderID }),
    ...(args.EntryID === undefined ? {} : { entryId: args.EntryID }),
    ...(args.PolicyTag ? { policyTags: args.PolicyTag.slice(0, mostTags) } : {}),
  }
}

/** A mailbox, and the administrator at work on it: whoever holds the role does this as one, in the own mailbox too. */
export interface RecoveryDesk extends OpenMailbox {
  caller: Caller
}

/** The mailboxes named, each found before any is touched. */
export async function desksFor(context: CmdletContext, identities: readonly string[], purpose: 'see' | 'change'): Promise<RecoveryDesk[]> {
  const desks = new Map<string, RecoveryDesk>()
  for (const identity of identities) {
    const open = await mailboxFor(context, identity, purpose)
    desks.set(open.mailbox, { ...open, caller: administratorCaller(context.caller) })
  }
  return [...desks.values()]
}

/** A folder's path as it is shown. */
export const shownPath = (path: readonly string[] | undefined): string => path?.join('\\') ?? ''

/** What both cmdlets show of an item. */
export function shownItem({ identity }: RecoveryDesk, item: RecoverableItem) {
  return {
    Identity: identity,
    EntryID: item.entryId,
    ItemClass: item.itemClass,
    Subject: item.subject,
    SourceFolder: item.source,
    LastParentPath: shownPath(item.lastParent?.path),
    LastParentFolderID: item.lastParent?.entryId ?? '',
    OriginalFolderExists: item.lastParent?.exists ?? false,
    LastModifiedTime: new Date(item.modified),
    PolicyTag: item.policyTag ?? '',
  }
}

/** What several sources give, as it comes; so many of them are read at once. */
export async function* sideBySide<T>(sources: readonly AsyncIterable<T>[], atOnce: number): AsyncGenerator<T> {
  const waiting = sources.map((source) => source[Symbol.asyncIterator]())
  const running = new Map<AsyncIterator<T>, Promise<{ from: AsyncIterator<T>; result: IteratorResult<T> }>>()
  const ask = (from: AsyncIterator<T>) => running.set(from, from.next().then((result) => ({ from, result }))) // prettier-ignore
  try {
    while (waiting.length > 0 || running.size > 0) {
      while (running.size < atOnce && waiting.length > 0) ask(waiting.shift()!)
      const { from, result } = await Promise.race(running.values())
      if (result.done) {
        running.delete(from)
        continue
      }
      yield result.value
      ask(from)
    }
  } finally {
    // What was begun comes to its end before anybody is told how it ended.
    const begun = [...running.keys()]
    await Promise.allSettled(running.values())
    await Promise.allSettled(begun.map((each) => each.return?.()))
  }
}

import { itemOfEntryId, type FolderRef, type Mailboxes, type Outcome, type RestoredItem } from '#mailbox'
import { ByteSize, Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'
import { choosing, desksFor, queryOf, roles, shownItem, shownPath, sideBySide, usualResultSize, type RecoveryDesk } from './query.ts'

/** Restore-RecoverableItems: to where each item was, else to the default folder of its type. `-WhatIf` shows what would go where. */
export function restoreRecoverableItems(mailboxes: Mailboxes): Cmdlet {
  return cmdlet('Restore-RecoverableItems', {
    summary: 'Brings deleted items back to the folders that they were deleted from, else to the default folder of their type.',
    roles,
    parameters: {
      ...choosing,
      RestoreTargetFolder: take.optional(take.string(), {
        summary: 'One folder that all of it goes to (`folder1/folder2`, from the top); it is made where it is not there.',
      }),
      NoOutput: take.optional(take.switched(), { summary: 'Does not show what was restored.' }),
    },
    returns: 'RestoredItem',
    examples: [
      {
        command: "Restore-RecoverableItems mary -FilterItemType IPM.Note -SubjectContains 'FY17 Accounting' -WhatIf",
        says: 'Shows how many items would go to which folder, and why.',
      },
      { command: "Restore-RecoverableItems mary -SubjectContains 'Project X' -SourceFolder DeletedItems", says: 'Restores what lies in Deleted Items.' },
      { command: 'Get-RecoverableItems mary | Restore-RecoverableItems', says: 'Restores all that is shown.' },
    ], // prettier-ignore
    async *run({ Identity, ResultSize = usualResultSize, MaxParallelSize = 1, RestoreTargetFolder, NoOutput = false, ...args }, context) {
      const query = queryOf(args)
      using progress = progressOf(context, 'Restoring items')
      let done = 0
      async function* restored(desk: RecoveryDesk): AsyncGenerator<object> {
        const to = await targetIn(desk, RestoreTargetFolder)
        let [some, failed] = [0, 0]
        const options = { limit: ResultSize, ...(to ? { to } : {}) }
        for await (const page of mailboxes.restoreFound(desk.caller, desk.mailbox, query, options)) {
          progress.count((done += page.length))
          some += page.length
          for (const { found, outcome } of page) {
            if (outcome instanceof Refusal) failed++
            if (!NoOutput) yield { ...shownItem(desk, found), ...shownOutcome(outcome) }
          }
          if (context.signal.aborted) return
        }
        if (NoOutput && failed > 0) context.warn(`${failed} of ${some} items of ${desk.identity} were not restored.`)
        if (some === ResultSize) context.warn(`Of ${desk.identity} ${some} items were looked at: there may be more.`)
        // With another condition, nothing fits it; alone, the EntryID may be of an item that was restored before.
        const item = some === 0 && Object.keys(query).length === 1 ? itemOfEntryId(args.EntryID ?? '') : undefined
        if (item) yield* again(desk, item.item)
      }
      async function targetIn(
        { caller, mailbox }: Pick<RecoveryDesk, 'caller' | 'mailbox'>,
        path: string | undefined,
      ): Promise<FolderRef | undefined> {
        return path === undefined ? undefined : mailboxes.makePath(caller, mailbox, namesOf(path))
      }
      /** An item that is named and deleted no more: where it is by now. */
      async function* again({ caller, mailbox, identity }: RecoveryDesk, item: number): AsyncGenerator<object> {
        const [outcome] = await mailboxes.restoreItems(caller, mailbox, [item], await targetIn({ caller, mailbox }, RestoreTargetFolder))
        if (outcome instanceof Refusal) throw outcome
        if (outcome && !NoOutput) yield { Identity: identity, EntryID: args.EntryID, ...shownOutcome(outcome) }
      }
      yield* sideBySide((await desksFor(context, Identity, 'change')).map(restored), MaxParallelSize)
    },
    async *preview({ Identity, ResultSize = usualResultSize, RestoreTargetFolder, MaxParallelSize: _, ...args }, context) {
      for (const { caller, mailbox, identity } of await desksFor(context, Identity, 'see')) {
        const plan = await mailboxes.planRestore(caller, mailbox, queryOf(args), { limit: ResultSize })
        const size = plan.targets.reduce((all, target) => all + target.size, 0)
        const chosen = RestoreTargetFolder === undefined ? undefined : { path: namesOf(RestoreTargetFolder) }
        const targets = chosen ? [{ folder: chosen, why: 'TargetFolder', items: plan.items, size }] : plan.targets
        for (const { folder, why, items, size } of targets.filter(({ items }) => items > 0)) {
          yield {
            ...{ Identity: identity, Subject: `${items} item${items === 1 ? '' : 's'}`, ItemCount: items, ItemSize: new ByteSize(size) },
            ...{ RestoredToFolderPath: shownPath(folder.path), RestoreReason: why, WasRestoredSuccessfully: false },
          }
        }
        if (plan.more) context.warn(`${identity} has more than ${ResultSize}: -ResultSize Unlimited looks at all.`)
      }
    },
  })
}

/** `/folder1/folder2`, with or without the outer slashes. */
const namesOf = (path: string): string[] => path.split('/').filter((name) => name.trim() !== '')

function shownOutcome(outcome: Outcome<RestoredItem>): object {
  if (outcome instanceof Refusal) {
    return { RestoredToFolderPath: '', RestoreReason: outcome.code, WasRestoredSuccessfully: false, ErrorMessage: outcome.message }
  }
  return { RestoredToFolderPath: shownPath(outcome.folder.path), RestoreReason: outcome.why, WasRestoredSuccessfully: true }
}

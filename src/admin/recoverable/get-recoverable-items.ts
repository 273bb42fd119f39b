import type { Mailboxes } from '#mailbox'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { choosing, desksFor, queryOf, roles, shownItem, sideBySide, usualResultSize, type RecoveryDesk } from './query.ts'

/** Get-RecoverableItems: what was deleted and can be brought back. */
export function getRecoverableItems(mailboxes: Mailboxes): Cmdlet {
  return cmdlet('Get-RecoverableItems', {
    summary: 'Shows the deleted items of a mailbox, where each was deleted from, and whether it would go there again.',
    roles,
    parameters: {
      ...choosing,
      SkipCount: take.optional(take.within(take.number(), 0), { summary: 'Leaves out that many of each mailbox.' }),
    },
    returns: 'RecoverableItem',
    examples: [
      { command: 'Get-RecoverableItems mary', says: 'Shows what Mary deleted, the latest of each folder first.' },
      {
        command:
          "Get-RecoverableItems mary -SubjectContains 'FY17 Accounting' -FilterItemType IPM.Note -FilterStartTime '2/1/2017 12:00:00 AM'",
        says: 'Shows mail about something, deleted since a day.',
      },
    ],
    async *run({ Identity, ResultSize = usualResultSize, SkipCount = 0, MaxParallelSize = 1, ...args }, context) {
      const query = queryOf(args)
      async function* found(desk: RecoveryDesk): AsyncGenerator<object> {
        let at = 0
        for await (const page of mailboxes.findRecoverable(desk.caller, desk.mailbox, query)) {
          for (const item of page) {
            if (at++ < SkipCount) continue
            if (at > SkipCount + ResultSize) {
              return context.warn(`${desk.identity} has more than ${ResultSize}: -ResultSize asks for more, -SkipCount goes on.`)
            }
            yield shownItem(desk, item)
          }
        }
      }
      yield* sideBySide((await desksFor(context, Identity, 'see')).map(found), MaxParallelSize)
    },
  })
}

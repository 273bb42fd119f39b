import { newGuid, type RandomBytes } from '#directory'
import type { MailboxHold, Mailboxes } from '#mailbox'
import { administratorCaller, Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changeSearch, reached } from './find-search.ts'
import { mailboxSearchKind, type SearchRun } from './search-job.ts'

export interface RunNeeds {
  mailboxes: Pick<Mailboxes, 'mailboxHolds' | 'changeMailboxHold'>
  random: RandomBytes
  /** Says that a job waits. */
  wake: () => void
}

const roles = ['Mailbox Search']
const identity = take.mandatory(take.identity(), { position: 0, pipeline: true })

/** `Start-MailboxSearch` and `Stop-MailboxSearch`: what a search finds is counted or copied in the background; Get-MailboxSearch shows how it stands. */
export function runSearchCmdlets({ mailboxes, random, wake }: RunNeeds): Cmdlet[] {
  return [
    cmdlet('Start-MailboxSearch', {
      summary:
        'Counts in the background what a search over mailboxes finds, and copies it to its -TargetMailbox unless it is -EstimateOnly.',
      roles,
      dangerous: true,
      parameters: { Identity: identity },
      async run({ Identity }, context) {
        const run = newGuid(random)
        const start = async (search: MailboxHold): Promise<MailboxHold> => {
          await reached(context, search.mailboxes)
          if (search.target !== undefined) await reached(context, [search.target])
          if (search.run?.status === 'InProgress')
            throw new Refusal('InvalidOperation', `'${search.id}' runs already: Stop-MailboxSearch ends that.`)
          if (search.mailboxes.length === 0)
            throw new Refusal('InvalidOperation', `'${search.id}' is about no mailboxes: Set-MailboxSearch -SourceMailboxes names some.`)
          const by = context.caller.address || context.caller.name
          return { ...search, run: { id: run, status: 'InProgress', by, started: context.clock(), items: 0, size: 0 } }
        }
        const actor = administratorCaller(context.caller)
        await changeSearch(mailboxes, context, Identity, start, ({ run: _, ...search }) => {
          const state: SearchRun = { run, actor, search, at: 0, items: 0, size: 0, gone: 0 }
          return { organisation: context.organisation, id: run, kind: mailboxSearchKind, due: context.clock(), state: { ...state } }
        })
        wake()
      },
    }),
    cmdlet('Stop-MailboxSearch', {
      summary: 'Ends a search over mailboxes that runs; what it has copied stays.',
      roles,
      parameters: { Identity: identity },
      async run({ Identity }, context) {
        await changeSearch(mailboxes, context, Identity, async (search) => {
          await reached(context, search.mailboxes)
          if (search.run?.status !== 'InProgress') throw new Refusal('InvalidOperation', `'${search.id}' does not run.`)
          return { ...search, run: { ...search.run, status: 'Stopped', ended: context.clock() } }
        })
      },
    }),
  ]
}

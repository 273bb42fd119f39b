import type { Mailboxes } from '#mailbox'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { exportContentCmdlet } from './export-content.ts'
import { mailboxSearchCmdlets } from './mailbox-search.ts'
import { runSearchCmdlets, type RunNeeds } from './run-search.ts'
import { searchMailboxCmdlet } from './search-mailbox.ts'

/** The cmdlets that search, hold and export the content of mailboxes. */
export function holdCmdlets({ mailboxes, ...later }: { mailboxes: Mailboxes } & Omit<RunNeeds, 'mailboxes'>): Cmdlet[] {
  const { random } = later
  return [
    ...mailboxSearchCmdlets({ mailboxes, random }),
    ...runSearchCmdlets({ mailboxes, ...later }),
    searchMailboxCmdlet({ mailboxes, random }),
    exportContentCmdlet(mailboxes),
  ]
}

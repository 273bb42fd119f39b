import type { RandomBytes } from '#directory'
import type { Mailboxes } from '#mailbox'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { exportContentCmdlet } from './export-content.ts'
import { mailboxSearchCmdlets } from './mailbox-search.ts'
import { searchMailboxCmdlet } from './search-mailbox.ts'

/** The cmdlets that search, hold and export the content of mailboxes. */
export function holdCmdlets({ mailboxes, random }: { mailboxes: Mailboxes; random: RandomBytes }): Cmdlet[] {
  return [...mailboxSearchCmdlets({ mailboxes, random }), searchMailboxCmdlet({ mailboxes, random }), exportContentCmdlet(mailboxes)]
}

import type { Mailboxes } from '#mailbox'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { recoverableFolderCmdlets } from './folders.ts'
import { getRecoverableItems } from './get-recoverable-items.ts'
import { restoreRecoverableItems } from './restore-recoverable-items.ts'

/** The cmdlets that find what was deleted and bring it back. */
export function recoverableCmdlets(mailboxes: Mailboxes): Cmdlet[] {
  return [getRecoverableItems(mailboxes), restoreRecoverableItems(mailboxes), ...recoverableFolderCmdlets(mailboxes)]
}

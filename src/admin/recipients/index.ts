import type { Cmdlet } from '../registry/cmdlet.ts'
import { getRecipients } from './get-recipients.ts'
import { groupCmdlets } from './groups.ts'
import { enableMailContact, enableMailUser, newMailContact, newMailUser } from './new-mail-recipients.ts'
import { permissionCmdlets } from './permissions.ts'
import { enableRemoteMailbox, newRemoteMailbox } from './remote-mailbox.ts'
import { disableRecipients, removeRecipients } from './remove-recipients.ts'
import { setRecipients } from './set-recipients.ts'
import { photoCmdlets } from './user-photo.ts'

/** The cmdlets of recipients that need the directory alone; those that make mailboxes are `mailboxMakers`. */
export const recipientCmdlets: readonly Cmdlet[] = [
  ...getRecipients,
  ...setRecipients,
  newMailContact,
  newMailUser,
  enableMailContact,
  enableMailUser,
  newRemoteMailbox,
  enableRemoteMailbox,
  ...disableRecipients,
  ...removeRecipients,
  ...groupCmdlets,
  ...permissionCmdlets,
  ...photoCmdlets,
]

import { Refusal } from '#model'
import { CreateManagedFolder } from '#schema'
import { answerEach, verb } from '../../verb.ts'

/**
 * Adds managed folders of the organisation to a mailbox ([MS-OXWSFOLD] 3.1.4.3). No organisation defines any here: each name answers ManagedFolderNotFound,
 * once the mailbox (MS-OXWSFOLD_R298) is one that the caller may open.
 */
export const createManagedFolder = verb(CreateManagedFolder, ({ FolderNames, Mailbox }, context) =>
  answerEach(context, FolderNames, async (name) => {
    const address = Mailbox?.EmailAddress
    if (Mailbox && !address) throw new Refusal('MissingArgument', 'CreateManagedFolder/Mailbox: expected EmailAddress')
    await context.mailboxes.statistics(context.caller, address ? await context.mailboxAt(address) : await context.ownMailbox())
    throw new Refusal('ManagedFolderNotFound', `The organisation has no managed folder '${name.slice(0, 100)}'.`)
  }),
)

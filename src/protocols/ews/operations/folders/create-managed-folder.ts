import { Refusal } from '#model'
import { CreateManagedFolder } from '#schema'
import { answerEach, verb } from '../../verb.ts'

/**
 * Adds managed folders of the organisation to a mailbox ([MS-OXWSFOLD] 3.1.4.3). No organisation defines any here: each name answers ManagedFolderNotFound,
 * once the mailbox (MS-OXWSFOLD_R298) is one that the caller may open. A name given twice → DuplicateInputFolderNames (MS-OXWSCDATA_R301), a mailbox without
 * an address → NonExistentMailbox (MS-OXWSCDATA_R1453).
 */
export const createManagedFolder = verb(CreateManagedFolder, ({ FolderNames, Mailbox }, context) => {
  const twice = givenTwice(FolderNames)
  return answerEach(context, FolderNames, async (name) => {
    const address = Mailbox?.EmailAddress
    if (Mailbox && !address) throw new Refusal('NonExistentMailbox', 'CreateManagedFolder/Mailbox: expected EmailAddress')
    if (twice.has(name.toLowerCase())) {
      throw new Refusal('DuplicateInputFolderNames', `CreateManagedFolder/FolderNames: '${name.slice(0, 100)}' is given twice.`)
    }
    await context.mailboxes.statistics(context.caller, address ? await context.mailboxAt(address) : await context.ownMailbox())
    throw new Refusal('ManagedFolderNotFound', `The organisation has no managed folder '${name.slice(0, 100)}'.`)
  })
})

function givenTwice(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const name of names.map((given) => given.toLowerCase())) (seen.has(name) ? twice : seen).add(name)
  return twice
}

import { Refusal } from '#model'
import type { WriteTx } from '#store'
import type { Recipient } from './contract.ts'
import { publicFolderRootKey } from './rows.ts'

/** The first public folder mailbox of an organisation holds the hierarchy of all its public folders. */
export async function hierarchyFor(tx: WriteTx, { organisation, kind }: Recipient): Promise<Pick<Recipient, 'publicFolderRoot'>> {
  if (kind !== 'PublicFolderMailbox') return {}
  return (await tx.objects.byKey(organisation, publicFolderRootKey)) ? {} : { publicFolderRoot: true }
}

/** Refuses to remove the root of the public folders while there are folders below it, or other public folder mailboxes → InvalidConfiguration. */
export async function requireRemovable(
  tx: WriteTx,
  { organisation, id, displayName, publicFolders, publicFolderRoot }: Recipient,
): Promise<void> {
  if (!publicFolders || !publicFolderRoot) return
  const others = (await tx.objects.list(organisation, 'PublicFolderMailbox', '', 2)).filter((row) => row.id !== id)
  if (others[0]) {
    throw new Refusal(
      'InvalidConfiguration',
      `'${displayName}' holds the hierarchy of the public folders and goes last: remove '${others[0].name}' and the others first.`,
      { id },
    )
  }
  // The lock of the mailbox: nobody makes a folder in it meanwhile.
  const mailbox = await tx.mailboxes.get(publicFolders)
  const root = mailbox && (await tx.folders.byKind(publicFolders, 'publicfoldersroot'))
  if (root && (root.children > 0 || (await tx.folders.children(publicFolders, root.id)).length > 0)) {
    throw new Refusal('InvalidConfiguration', `'${displayName}' holds public folders: delete them first, or what is in them is lost.`, {
      id,
    })
  }
}

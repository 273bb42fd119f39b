import type { FolderRef, Item } from '#mailbox'
import type { WebContext } from '../verb.ts'
import { tokenPath } from './draft-item.ts'

/** How long after it was written down something is looked for by its token. */
const longest = 3 * 86_400_000
const patience = 10_000

/** What is being written, or was sent, under a token lately; undefined = nothing. */
export async function findByToken({ caller, mailboxes, clock }: WebContext, folder: FolderRef, token: string): Promise<Item | undefined> {
  const { items } = await mailboxes.findItems(caller, {
    folders: [folder],
    traversal: 'Shallow',
    restriction: {
      and: [
        { compare: { property: 'lastModifiedTime' }, is: '>', with: { value: new Date(clock() - longest).toISOString() } },
        { compare: tokenPath, is: '=', with: { value: token } },
      ],
    },
    view: { kind: 'indexed', offset: 0, limit: 1, from: 'Beginning' },
    wanted: { shape: 'ids', paths: [tokenPath] },
    until: clock() + patience,
  })
  return items[0]
}

import { z } from 'zod'
import { folderRef } from '../references.ts'
import { verb } from '../verb.ts'

const name = z.string().trim().min(1).max(255)
const input = z.object({
  folder: folderRef,
  action: z.discriminatedUnion('do', [
    /** A new folder in this one. */
    z.object({ do: z.literal('create'), name }),
    z.object({ do: z.literal('rename'), name }),
    z.object({ do: z.literal('move'), to: folderRef }),
    z.object({ do: z.literal('delete'), forGood: z.boolean() }),
    /** Everything in it; in Deleted Items for good, else to Deleted Items. */
    z.object({ do: z.literal('empty'), forGood: z.boolean() }),
    z.object({ do: z.literal('markAllRead'), isRead: z.boolean() }),
  ]),
})

type Ref = { mailbox: string; id: number }

/** Does one thing to a folder. Answers the folder that it is about, where there is one afterwards. */
export const actOnFolder = verb(input, async ({ caller, mailboxes }, { folder, action }): Promise<{ folder?: Ref }> => {
  const answer = (row: Ref) => ({ folder: { mailbox: row.mailbox, id: row.id } })
  switch (action.do) {
    case 'create':
      return answer((await mailboxes.createFolder(caller, { parent: folder, name: action.name, folderClass: 'IPF.Note' })).row)
    case 'rename': {
      const changes = [{ op: 'set', path: { property: 'folderDisplayName' }, value: action.name } as const]
      return answer((await mailboxes.updateFolder(caller, folder, changes)).row)
    }
    case 'move':
      return answer((await mailboxes.moveFolder(caller, folder, action.to)).row)
    case 'delete':
      await mailboxes.deleteFolder(caller, folder, action.forGood ? 'HardDelete' : 'MoveToDeletedItems')
      return {}
    case 'empty':
      await mailboxes.emptyFolder(caller, folder, action.forGood ? 'HardDelete' : 'MoveToDeletedItems', false)
      return {}
    case 'markAllRead':
      await mailboxes.markAllRead(caller, folder, action.isRead)
      return {}
  }
})

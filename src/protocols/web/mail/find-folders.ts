import { z } from 'zod'
import { verb } from '../verb.ts'

/** Folders that a tree shows: far more than anybody has, so that no mailbox makes an answer without end. */
const mostFolders = 2000

/** The folders of a mailbox below what people see, parents first. */
export const findFolders = verb(
  z.object({ mailbox: z.string().max(100).optional() }),
  async ({ caller, mailboxes, mailbox: own }, asked) => {
    const mailbox = asked.mailbox ?? (await own())
    const { items, includesLast } = await mailboxes.findFolders(caller, {
      parents: [{ mailbox, kind: 'msgfolderroot' }],
      traversal: 'Deep',
      page: { offset: 0, limit: mostFolders, from: 'Beginning' },
    })
    const folders = items.map(({ row, rights }) => ({
      ref: { mailbox: row.mailbox, id: row.id },
      parent: row.parent,
      name: row.name,
      /** `inbox`, `sentitems` …; empty for folders that somebody made. */
      kind: row.kind,
      folderClass: row.folderClass,
      total: row.total,
      unread: row.unread,
      rights: { create: rights.createContents, createFolders: rights.createHierarchy, delete: rights.delete, modify: rights.modify },
    }))
    return { folders, isWhole: includesLast }
  },
)

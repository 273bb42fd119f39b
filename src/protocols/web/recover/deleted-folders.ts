import { z } from 'zod'
import { verb } from '../verb.ts'

const mostFolders = 500

/** Folder trees of the caller's mailbox that can be brought back, the newest removal first. */
export const deletedFolders = verb(z.object({}), async ({ caller, mailboxes, mailbox }) => {
  const found = await mailboxes.deletedFolders(caller, await mailbox())
  return {
    folders: found.slice(0, mostFolders).map(({ folder, name, path, deletedOn, folders, items, restoredAs }) => ({
      ...{ folder, name, path, folders, items },
      deleted: deletedOn,
      isRestored: restoredAs !== undefined,
    })),
  }
})

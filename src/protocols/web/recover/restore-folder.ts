import { z } from 'zod'
import { verb } from '../verb.ts'

/** Steps of one answer: whoever is told `more` asks again, and it goes on. */
const mostSteps = 200

/** Brings a folder tree back with what went with it: where its folders are now, and how many items came back. */
export const restoreFolder = verb(
  z.object({ folder: z.number().int().positive().max(Number.MAX_SAFE_INTEGER), earlier: z.boolean().optional() }),
  async ({ caller, mailboxes, mailbox }, { folder, earlier = false }) => {
    const folders: { path: readonly string[]; why: 'Restored' | 'Renamed' | 'AlreadyRestored' }[] = []
    let items = 0
    let steps = 0
    for await (const step of mailboxes.restoreFolder(caller, await mailbox(), folder, { earlier })) {
      if ('folder' in step) folders.push({ path: step.path, why: step.why })
      else for (const count of step.items.values()) items += count
      steps += 1
      if (steps === mostSteps) return { folders, items, more: true }
    }
    return { folders, items, more: false }
  },
)

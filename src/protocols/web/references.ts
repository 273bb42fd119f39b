import { z } from 'zod'
import type { ItemRef } from '#mailbox'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const mailbox = z.string().min(1).max(100)

/** A folder by number, or a default folder by its kind (`inbox`). */
export const folderRef = z.union([z.object({ mailbox, id }), z.object({ mailbox, kind: z.string().min(1).max(64) })])
export const itemRef = z.object({ mailbox, id, occurrence: z.number().int().optional() })

/** A reference as it is taken and told: what is undefined is left out. */
export const plainRef = ({ mailbox, id, occurrence }: z.output<typeof itemRef>): ItemRef => ({
  ...{ mailbox, id },
  ...(occurrence === undefined ? {} : { occurrence }),
})

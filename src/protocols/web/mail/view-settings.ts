import { z } from 'zod'
import { verb } from '../verb.ts'

/** Name of the mailbox's setting. */
const kept = 'webMail'
const sender = z.string().min(1).max(320).toLowerCase()
const mostSenders = 1000

/** How the owner of a mailbox looks at it. */
const view = z.object({
  readingPane: z.enum(['right', 'below', 'off']).default('right'),
  conversations: z.boolean().default(false),
  /** Folders that stand on top of the tree, by number. */
  favourites: z.array(z.number().int().positive()).max(100).default([]),
  /** Whose pictures from elsewhere are always shown. */
  picturesFrom: z.array(sender).max(mostSenders).default([]),
})
export type MailView = z.output<typeof view>

/** What is kept; what it cannot be reads as nothing. */
export function viewIn(settings: Record<string, unknown>): MailView {
  const read = view.safeParse(settings[kept] ?? {})
  return read.success ? read.data : view.parse({})
}

/** How the caller looks at their mail. */
export const mailView = verb(z.object({}), async ({ caller, mailboxes, mailbox }) =>
  viewIn(await mailboxes.settings(caller, await mailbox())),
)

const changes = z.object({
  readingPane: z.enum(['right', 'below', 'off']).optional(),
  conversations: z.boolean().optional(),
  favourite: z.object({ folder: z.number().int().positive(), is: z.boolean() }).optional(),
  /** The oldest gives way when there are too many. */
  picturesFrom: sender.optional(),
})

/** Changes what is named, and keeps the rest: two windows at once lose nothing. */
export const saveMailView = verb(changes, async ({ caller, mailboxes, mailbox }, asked) => {
  await mailboxes.changeSetting(caller, await mailbox(), kept, (current) => {
    const now = viewIn({ [kept]: current })
    const { favourite, picturesFrom } = asked
    const others = now.favourites.filter((id) => id !== favourite?.folder)
    return {
      readingPane: asked.readingPane ?? now.readingPane,
      conversations: asked.conversations ?? now.conversations,
      favourites: !favourite ? now.favourites : favourite.is ? [...others, favourite.folder].slice(-100) : others,
      picturesFrom: picturesFrom
        ? [...now.picturesFrom.filter((one) => one !== picturesFrom), picturesFrom].slice(-mostSenders)
        : now.picturesFrom,
    }
  })
  return viewIn(await mailboxes.settings(caller, await mailbox()))
})

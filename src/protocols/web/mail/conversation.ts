import { z } from 'zod'
import { verb } from '../verb.ts'
import { rowOfMessage, shownInRows } from './rows.ts'

const mostMessages = 100
const input = z.object({ mailbox: z.string().min(1).max(100), conversation: z.string().regex(/^[0-9a-f]{32}$/i) })

/** The messages of a conversation in all folders that the caller may read, the newest first. Of copies only one is shown. */
export const conversation = verb(input, async ({ caller, mailboxes }, { mailbox, conversation }) => {
  const { nodes } = await mailboxes.conversationItems(caller, {
    ref: { mailbox, conversation },
    order: 'DateOrderDescending',
    ignore: [],
    limit: mostMessages,
    wanted: { shape: 'ids', paths: shownInRows },
  })
  return { messages: nodes.flatMap(({ items }) => items.slice(0, 1).map(rowOfMessage)) }
})

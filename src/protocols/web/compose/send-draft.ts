import { z } from 'zod'
import { Refusal } from '#model'
import { itemRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { answered, loadDraft, sendTimeOf, sendTimePath, token, tokenOf } from './draft-item.ts'
import { findByToken } from './find-by-token.ts'

const input = z.object({
  draft: itemRef,
  change: z.number().int().positive(),
  token,
  /** When the site is to send it; absent = now. */
  at: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
})

/**
 * Sends a draft, once, or lets it wait among the drafts for its time: sent already under this token, or waiting for this very time, it is answered
 * that it is so (`before`). Changed by somebody else since → StaleObject; gone and not sent → ItemNotFound; else as `sendItem`.
 */
export const sendDraft = verb(input, async (context, { draft: { mailbox, id }, change, token, at: given }) => {
  const at = given ?? ('now' as const)
  const ref = { mailbox, id }
  const saveTo = { mailbox, kind: 'sentitems' }
  try {
    const answers = answered(await loadDraft(context, ref, false))
    await context.mailboxes.sendItem(context.caller, ref, { saveTo, changeKey: change, at, ...(answers ? { answers } : {}) })
    return { before: false }
  } catch (error) {
    // An earlier attempt may have come through while its answer was lost on the way.
    const mayBeSent = error instanceof Refusal && (error.code === 'ItemNotFound' || error.code === 'StaleObject')
    if (mayBeSent && (await waits(context, ref, token, at))) return { before: true }
    if (mayBeSent && (await findByToken(context, saveTo, token))) return { before: true }
    throw error
  }
})

/** Whether the draft waits under this token for this time. */
async function waits(context: WebContext, ref: { mailbox: string; id: number }, token: string, at: number | 'now'): Promise<boolean> {
  try {
    const draft = await loadDraft(context, ref, false)
    return tokenOf(draft) === token && sendTimeOf(draft) === at
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Takes a message back that waits for its time: it is a draft like any other. Sent meanwhile → ItemNotFound. */
export const holdDraft = verb(z.object({ draft: itemRef }), async (context, { draft: { mailbox, id } }) => {
  const ref = { mailbox, id }
  await loadDraft(context, ref, false)
  const changes = [{ op: 'delete' as const, path: sendTimePath }]
  const { head } = await context.mailboxes.updateItem(context.caller, ref, changes, { conflict: 'AlwaysOverwrite', suppressReadReceipts: true }) // prettier-ignore
  return { change: head.change }
})

import { z } from 'zod'
import { answeredChanges } from '#mailbox'
import { Refusal } from '#model'
import { itemRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { answered, loadDraft, token } from './draft-item.ts'
import { findByToken } from './find-by-token.ts'

const input = z.object({ draft: itemRef, change: z.number().int().positive(), token })

/**
 * Sends a draft, once: sent already under this token, it is answered that it was (`before`). Changed by somebody else since → StaleObject;
 * gone and not sent → ItemNotFound; else as `sendItem`.
 */
export const sendDraft = verb(input, async (context, { draft: { mailbox, id }, change, token }) => {
  const ref = { mailbox, id }
  const saveTo = { mailbox, kind: 'sentitems' }
  try {
    const answers = answered(await loadDraft(context, ref, false))
    await context.mailboxes.sendItem(context.caller, ref, { saveTo, changeKey: change })
    if (answers) await markAnswered(context, answers)
    return { before: false }
  } catch (error) {
    // An earlier attempt may have come through while its answer was lost on the way.
    const mayBeSent = error instanceof Refusal && (error.code === 'ItemNotFound' || error.code === 'StaleObject')
    if (mayBeSent && (await findByToken(context, saveTo, token))) return { before: true }
    throw error
  }
})

/** Leaves on the original that it was answered. The message is sent: an original that is gone, or not the caller's to change, hinders nothing. */
async function markAnswered(
  { caller, mailboxes }: WebContext,
  { mailbox, id, kind }: NonNullable<ReturnType<typeof answered>>,
): Promise<void> {
  try {
    await mailboxes.updateItem(caller, { mailbox, id }, answeredChanges(kind), { conflict: 'AlwaysOverwrite', suppressReadReceipts: true })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

import { z } from 'zod'
import { itemRef } from '../references.ts'
import { verb } from '../verb.ts'
import { draftOf, loadDraft } from './draft-item.ts'

/** A draft to go on with. */
export const openDraft = verb(z.object({ draft: itemRef }), async (context, { draft: { mailbox, id } }) =>
  draftOf(await loadDraft(context, { mailbox, id }, true)),
)

/** Throws a draft away; it can be recovered. */
export const discardDraft = verb(z.object({ draft: itemRef }), async (context, { draft: { mailbox, id } }) => {
  const ref = { mailbox, id }
  await loadDraft(context, ref, false)
  await context.mailboxes.deleteItem(context.caller, ref, 'SoftDelete', { suppressReadReceipts: true })
  return {}
})

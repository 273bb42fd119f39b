import { z } from 'zod'
import { answeredPaths, answeredProperties, composeReply, ownAddresses, type ReplyKind } from '#mailbox'
import { extendedKey, Refusal, type Body } from '#model'
import { itemRef } from '../references.ts'
import { verb } from '../verb.ts'
import { answersPath, draftOf, loadDraft, token } from './draft-item.ts'
import { bodyWithin, insideBody } from './draft-text.ts'
import { findByToken } from './find-by-token.ts'
import { named } from './save-draft.ts'
import { signatureOf } from './signature.ts'

const kinds = { reply: 'ReplyToItem', replyAll: 'ReplyAllToItem', forward: 'ForwardItem' } as const satisfies Record<string, ReplyKind>

const input = z.object({ item: itemRef, how: z.enum(['reply', 'replyAll', 'forward']), token })

/** Makes a draft that answers a message or forwards it with its files, quoted below, as far as there is room. Asked again with the same token, it is the same draft. */
export const answerMessage = verb(input, async (context, { item: { mailbox, id }, how, token }) => {
  const { caller, mailboxes } = context
  const drafts = { mailbox: await context.mailbox(), kind: 'drafts' }
  const known = await findByToken(context, drafts, token)
  if (known) return draftOf(await loadDraft(context, known.ref, true))
  const [original] = await mailboxes.getItems(caller, [{ mailbox, id }], {
    ...{ shape: 'ids', paths: answeredPaths, bodyType: 'HTML' },
    filterHtml: true,
  })
  if (!original || original instanceof Refusal) throw original ?? new Refusal('ItemNotFound', 'The message is not there any more.')
  const answer = kinds[how]
  const reply = composeReply({
    answer,
    original: answeredProperties(original),
    given: {},
    own: await ownAddresses(context.directory, context.caller),
    attachments: await mailboxes.copyAttachments(caller, original.ref, [], how === 'forward' ? 'all' : 'inline'),
    writeTime: (at) => new Date(at).toUTCString(),
  })
  const { onReply, html } = await signatureOf(context)
  const quoted = insideBody((reply.properties.body as Body).value)
  const isCut = (original.properties.body as Body | undefined)?.truncated === true
  const value = bodyWithin(`<p></p>${onReply ? html : ''}`, quoted, isCut)
  const { ref } = await mailboxes.createItem(caller, drafts, {
    ...reply,
    properties: { ...reply.properties, isRead: true, body: { type: 'HTML', value } },
    extended: {
      ...named(token),
      [extendedKey(answersPath.extended)]: { type: 'String', value: JSON.stringify({ mailbox, id, kind: answer }) },
    },
  })
  return draftOf(await loadDraft(context, ref, true))
})

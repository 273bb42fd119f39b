import { z } from 'zod'
import { extendedKey } from '#model'
import { itemRef } from '../references.ts'
import { verb } from '../verb.ts'
import { answersPath, attachmentsOf, draftOf, htmlOf, loadDraft, token, writerPath, written } from './draft-item.ts'
import { bodyWithin, partsOf, withContentIds } from './draft-text.ts'
import { findByToken } from './find-by-token.ts'
import { named, propertiesOf } from './save-draft.ts'

/**
 * Makes a draft of its own of what somebody wrote on a draft that another window has changed since: with the files and what is quoted there, and as an answer to what that one answers. `pictures`:
 * the numbers of its files there and here.
 */
export const branchDraft = verb(
  z.object({ draft: itemRef, token, writer: token, written }),
  async (context, { draft, token, writer, written }) => {
    const drafts = { mailbox: await context.mailbox(), kind: 'drafts' }
    const ref = { mailbox: draft.mailbox, id: draft.id }
    const other = await loadDraft(context, ref, false)
    const files = attachmentsOf(other)
    const known = await findByToken(context, drafts, token)
    const text = withContentIds(written.html, { ref, attachments: files })
    const quote = written.quote ? partsOf(htmlOf(other)).quote : undefined
    const { inReplyTo, references, sensitivity } = other.properties
    const kept = { ...(inReplyTo ? { inReplyTo } : {}), ...(references ? { references } : {}), ...(sensitivity ? { sensitivity } : {}) }
    const key = extendedKey(answersPath.extended)
    const answers = other.extended[key] ? { [key]: other.extended[key] } : {}
    const made =
      known ??
      (await context.mailboxes.createItem(context.caller, drafts, {
        kind: 'message',
        properties: { ...kept, ...propertiesOf(written), isRead: true, body: { type: 'HTML', value: bodyWithin(text, quote) } },
        attachments: await context.mailboxes.copyAttachments(context.caller, ref, [], 'all'),
        extended: { ...answers, ...named(token), [extendedKey(writerPath.extended)]: { type: 'String', value: writer } },
      }))
    const own = draftOf(await loadDraft(context, made.ref, true))
    return { ...own, pictures: own.attachments.flatMap(({ number }, at) => (files[at] ? [[files[at].number, number] as const] : [])) }
  },
)

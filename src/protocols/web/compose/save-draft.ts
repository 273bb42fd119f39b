import { z } from 'zod'
import type { NewItemInput, PropertyChange } from '#mailbox'
import { extendedKey, type EmailAddress, type Properties } from '#model'
import { itemRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { bodyWithin, partsOf, withContentIds } from './draft-text.ts'
import {
  attachmentsOf,
  htmlOf,
  loadDraft,
  token,
  sendTimeOf,
  sendTimePath,
  tokenPath,
  writerOf,
  writerPath,
  written,
  type DraftRef,
  type Written,
} from './draft-item.ts'
import { findByToken } from './find-by-token.ts'

const input = z.object({
  /** The draft and the version that the client has seen; absent = there is none yet. */
  draft: z.object({ ref: itemRef, change: z.number().int().positive() }).optional(),
  token,
  /** The page that writes. */
  writer: token,
  /** An earlier attempt got no answer: what it wrote may be there. */
  again: z.boolean().optional(),
  written,
})

const addressee = ({ name, address }: { name?: string | undefined; address: string }): EmailAddress => ({
  ...(name ? { name } : {}),
  address,
  routingType: 'SMTP',
})

/** What was written as properties of a message, but for its text. */
export function propertiesOf({ from, to, cc, bcc, subject, importance, readReceipt }: Written): Properties {
  return {
    ...(from ? { from: addressee(from) } : {}),
    ...{ toRecipients: to.map(addressee), ccRecipients: cc.map(addressee), bccRecipients: bcc.map(addressee) },
    ...{ subject, importance },
    isReadReceiptRequested: readReceipt,
  }
}

/** Saves what was written so far; a draft that waited to be sent waits no more. Somebody else changed the draft since → IrresolvableConflict; gone or sent → ItemNotFound; longer than it could be opened again → MessageSizeExceeded. */
export const saveDraft = verb(input, async (context, asked) => {
  const { draft, token, writer, again, written } = asked
  if (draft) return changed(context, draft, asked)
  const mailbox = await context.mailbox()
  const made = again ? await findByToken(context, { mailbox, kind: 'drafts' }, token) : undefined
  if (made) return changed(context, { ref: made.ref, change: made.head.change }, asked)
  const item: NewItemInput = {
    kind: 'message',
    properties: { ...propertiesOf(written), isRead: true, body: { type: 'HTML', value: bodyWithin(written.html, undefined) } },
    extended: { ...named(token), [extendedKey(writerPath.extended)]: { type: 'String', value: writer } },
  }
  const { ref, head } = await context.mailboxes.createItem(context.caller, { mailbox, kind: 'drafts' }, item)
  return { ref: { mailbox: ref.mailbox, id: ref.id }, change: head.change }
})

async function changed(
  context: WebContext,
  { ref, change }: { ref: DraftRef; change: number },
  { token, writer, again, written }: z.output<typeof input>,
) {
  const before = await loadDraft(context, ref, false)
  // What the page wrote itself, without hearing that it came through, is no change by somebody else.
  const changeKey = again && writerOf(before) === writer ? before.head.change : change
  const quote = written.quote ? partsOf(htmlOf(before)).quote : undefined
  const text = withContentIds(written.html, { ref, attachments: attachmentsOf(before) })
  const properties: Properties = { ...propertiesOf(written), body: { type: 'HTML', value: bodyWithin(text, quote) } }
  const changes: PropertyChange[] = Object.entries(properties).map(([property, value]) => ({ op: 'set', path: { property }, value }))
  if (!written.from) changes.push({ op: 'delete', path: { property: 'from' } })
  changes.push({ op: 'set', path: tokenPath, value: { type: 'String', value: token } })
  changes.push({ op: 'set', path: writerPath, value: { type: 'String', value: writer } })
  // Somebody writes on it: nothing half written goes out by itself.
  if (sendTimeOf(before) !== undefined) changes.push({ op: 'delete', path: sendTimePath })
  const { head } = await context.mailboxes.updateItem(
    context.caller,
    { mailbox: ref.mailbox, id: ref.id },
    changes,
    { conflict: 'NeverOverwrite', changeKey, suppressReadReceipts: true },
  ) // prettier-ignore
  return { ref: { mailbox: ref.mailbox, id: ref.id }, change: head.change }
}

/** The token as a new item carries it. */
export function named(value: string): NonNullable<NewItemInput['extended']> {
  return { [extendedKey(tokenPath.extended)]: { type: 'String', value } }
}

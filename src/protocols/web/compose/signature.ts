import { z } from 'zod'
import { filterHtml } from '#wire'
import { requirePage, requireParameters } from '../options/pages.ts'
import { verb, type WebContext } from '../verb.ts'
import { insideBody } from './draft-text.ts'

/** As `Set-MailboxMessageConfiguration` keeps it. */
const setting = 'messageConfiguration'
const kept = z
  .object({ SignatureHtml: z.string(), AutoAddSignature: z.boolean(), AutoAddSignatureOnReply: z.boolean() })
  .partial()
  .catch({})

/** What the caller's messages end with, and which of them. */
export async function signatureOf({ caller, mailboxes, mailbox }: WebContext): Promise<{ html: string; onNew: boolean; onReply: boolean }> {
  const settings = await mailboxes.settings(caller, await mailbox())
  const { SignatureHtml = '', AutoAddSignature = false, AutoAddSignatureOnReply = false } = kept.parse(settings[setting] ?? {})
  return { html: insideBody(filterHtml(SignatureHtml)), onNew: AutoAddSignature, onReply: AutoAddSignatureOnReply }
}

/** Sets the caller's signature, and which messages get it by themselves. Whose policy does not let them → AccessDenied. */
export const saveSignature = verb(
  z.object({ html: z.string().max(8192), onNew: z.boolean(), onReply: z.boolean() }),
  async (context, { html, onNew, onReply }) => {
    await requirePage(context, 'messages')
    const { caller, mailboxes, mailbox } = context
    const before = await signatureOf(context)
    await requireParameters(context, 'messages', [
      ...(html === before.html ? [] : ['SignatureHtml']),
      ...(onNew === before.onNew ? [] : ['AutoAddSignature']),
      ...(onReply === before.onReply ? [] : ['AutoAddSignatureOnReply']),
    ])
    await mailboxes.changeSetting(caller, await mailbox(), setting, (current) => ({
      ...(current as Record<string, unknown> | undefined),
      ...{ SignatureHtml: html, AutoAddSignature: onNew, AutoAddSignatureOnReply: onReply },
    }))
    return {}
  },
)

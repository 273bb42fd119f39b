import { z } from 'zod'
import type { OutOfOffice } from '#mailbox'
import { verb } from '../verb.ts'
import { textOf } from './options.ts'
import { requirePage, requireParameters } from './pages.ts'

const instant = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const reply = z.string().max(20_000)
const input = z
  .object({
    state: z.enum(['Disabled', 'Enabled', 'Scheduled']),
    audience: z.enum(['None', 'Known', 'All']),
    start: instant.optional(),
    end: instant.optional(),
    internal: reply,
    external: reply,
  })
  .refine(({ state, start, end }) => state !== 'Scheduled' || (start !== undefined && end !== undefined && start < end), 'the end has to come after the beginning') // prettier-ignore

/**
 * Sets the automatic replies. A text that was not changed keeps how it was written, elsewhere, in HTML. What is changed and the caller's policy takes away
 * → AccessDenied.
 */
export const saveAutomaticReplies = verb(input, async (context, { state, audience, start, end, internal, external }) => {
  await requirePage(context, 'away')
  const { caller, mailboxes, mailbox } = context
  const { outOfOffice } = await mailboxes.settings(caller, await mailbox())
  const kept = outOfOffice as OutOfOffice | undefined
  const changes = {
    AutoReplyState: state !== (kept?.state ?? 'Disabled'),
    ExternalAudience: audience !== (kept?.externalAudience ?? 'All'),
    StartTime: start !== undefined && start !== kept?.start,
    EndTime: end !== undefined && end !== kept?.end,
    InternalMessage: textOf(kept?.internalReply) !== internal.trim(),
    ExternalMessage: textOf(kept?.externalReply) !== external.trim(),
  }
  await requireParameters(context, 'away', Object.keys(changes).filter((name) => changes[name as keyof typeof changes])) // prettier-ignore
  await mailboxes.changeSetting(caller, await mailbox(), 'outOfOffice', (current) => {
    const before = current as OutOfOffice | undefined
    const said = (text: string, old: OutOfOffice['internalReply']) => (textOf(old) === text.trim() ? old : { message: htmlOf(text) })
    const [inside, outside] = [said(internal, before?.internalReply), said(external, before?.externalReply)]
    const made: OutOfOffice = {
      ...{ state, externalAudience: audience },
      ...(start === undefined || end === undefined ? {} : { start, end }),
      ...(inside ? { internalReply: inside } : {}),
      ...(outside ? { externalReply: outside } : {}),
    }
    return made
  })
  return {}
})

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const htmlOf = (text: string) =>
  `<div>${text
    .trim()
    .replace(/[&<>"]/g, (sign) => signs[sign]!)
    .replace(/\r?\n/g, '<br>')}</div>`

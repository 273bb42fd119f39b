import { z } from 'zod'
import type { PropertyChange } from '#mailbox'
import { saved, savedItem } from '../saved.ts'
import { verb } from '../verb.ts'

const longestSubject = 255

/** Makes a note, or changes the one named; its first line is what it is called ([MS-OXONOTE] 2.2.2). Changed meanwhile → IrresolvableConflict. */
export const saveNote = verb(z.object({ ...savedItem, text: z.string().trim().min(1).max(20_000) }), async (context, { text, ...form }) => {
  const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
  const changes = [set('subject', text.split('\n', 1)[0]!.trim().slice(0, longestSubject)), set('body', { type: 'Text', value: text })]
  const kind = form.item === undefined ? [set('itemClass', 'IPM.StickyNote')] : []
  return saved(context, form, { kind: 'message', folder: 'notes', changes: [...kind, ...changes] })
})

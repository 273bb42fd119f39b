/** What people write in the tests of the browser client's questions. */
import { randomUUID } from 'node:crypto'
import type { WebApi } from '#protocols/web'
import type { Window } from './window.ts'

/** A short letter to Rob. */
export const written = (subject: string): WebApi['saveDraft']['input']['written'] => ({
  ...{ to: [{ address: 'rob@contoso.com' }], cc: [], bcc: [] },
  ...{ subject, html: '<p>Hello</p>', quote: false, importance: 'Normal', readReceipt: false },
})

/** A draft of such a letter, as it is handed in. */
export async function sendDraftOf(window: Window, subject: string) {
  const token = randomUUID()
  const { ref, change } = await window.ask('saveDraft', { token, writer: randomUUID(), written: written(subject) })
  return { draft: ref, change, token }
}

import { z } from 'zod'
import type { Body } from '#model'
import { verb } from '../verb.ts'

const mostNotes = 500

/** The caller's notes, those changed last first. `more`: there are more than are shown. */
export const findNotes = verb(z.object({}), async ({ caller, mailboxes, mailbox }) => {
  const { items, total = 0 } = await mailboxes.findItems(caller, {
    folders: [{ mailbox: await mailbox(), kind: 'notes' }],
    traversal: 'Shallow',
    sort: [{ path: { property: 'lastModifiedTime' }, descending: true }],
    view: { kind: 'indexed', offset: 0, limit: mostNotes, from: 'Beginning' },
    wanted: {
      shape: 'ids',
      paths: ['subject', 'body', 'lastModifiedTime'].map((property) => ({ property })),
      bodyType: 'Text',
      maxBodySize: 20_000,
    },
  })
  const notes = items.map(({ ref, head, properties }) => ({
    id: ref.id,
    change: head.change,
    subject: (properties.subject ?? '') as string,
    text: ((properties.body as Body | undefined)?.value ?? '').trim(),
    isWhole: (properties.body as Body | undefined)?.truncated !== true,
    changed: properties.lastModifiedTime as number | undefined,
  }))
  return { notes, more: total > items.length }
})

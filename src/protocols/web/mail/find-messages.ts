import { z } from 'zod'
import { parseQuery, type Item } from '#mailbox'
import { utc, type EmailAddress, type Flag } from '#model'
import { folderRef } from '../references.ts'
import { verb } from '../verb.ts'

const mostRows = 200
/** What a row of the list shows. */
const shown = [
  'subject',
  'from',
  'displayTo',
  'dateTimeReceived',
  'isRead',
  'isDraft',
  'hasAttachments',
  'importance',
  'categories',
  'flag',
  'itemClass',
  'preview',
  'size',
]

const input = z.object({
  folder: folderRef,
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(mostRows),
  /** A query as Exchange's clients write it (AQS); absent = everything. */
  query: z.string().max(1000).optional(),
})

/** A page of a folder's messages, the newest first. */
export const findMessages = verb(input, async ({ caller, mailboxes, clock }, { folder, offset, limit, query }) => {
  const restriction = query ? parseQuery(query, { zone: utc, now: clock() }) : undefined
  const { items, total } = await mailboxes.findItems(caller, {
    folders: [folder],
    traversal: 'Shallow',
    ...(restriction ? { restriction } : {}),
    sort: [{ path: { property: 'dateTimeReceived' }, descending: true }],
    view: { kind: 'indexed', offset, limit, from: 'Beginning' },
    wanted: { shape: 'ids', paths: shown.map((property) => ({ property })) },
  })
  return { messages: items.map(rowOf), total }
})

/** A row of a list. */
function rowOf({ ref, head, properties }: Item) {
  return {
    ref: { mailbox: ref.mailbox, id: ref.id },
    change: head.change,
    subject: properties.subject as string | undefined,
    from: properties.from as EmailAddress | undefined,
    to: properties.displayTo as string | undefined,
    received: properties.dateTimeReceived as number | undefined,
    isRead: properties.isRead === true,
    isDraft: properties.isDraft === true,
    hasAttachments: properties.hasAttachments === true,
    importance: properties.importance as 'Low' | 'Normal' | 'High' | undefined,
    categories: (properties.categories ?? []) as string[],
    flag: properties.flag as Flag | undefined,
    itemClass: properties.itemClass as string | undefined,
    preview: properties.preview as string | undefined,
    size: properties.size as number | undefined,
  }
}

import { z } from 'zod'
import { parseQuery, type ConversationFilter, type FindItems, type FolderRef } from '#mailbox'
import { utc, zoneNamed, type Restriction } from '#model'
import { folderRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { pinnedItems, without } from './pinned.ts'
import { rowOfConversation, rowOfMessage, shownInRows } from './rows.ts'

const mostRows = 200
/** Folders that a search of the whole mailbox looks into. */
const mostFolders = 2000
/** What a page of conversations may take, and how long it is looked for. */
const mostBytes = 8 * 1024 * 1024
const mostTime = 20_000

const filters = {
  unread: { conversations: 'Unread', restriction: () => is('isRead', 'false') },
  flagged: {
    conversations: 'Flagged',
    restriction: () => ({ compare: { extended: { tag: 0x1090, type: 'Integer' } }, is: '=', with: { value: '2' } }),
  },
  attachments: { conversations: 'HasAttachment', restriction: () => is('hasAttachments', 'true') },
  toMe: { conversations: 'ToOrCcMe', restriction: (address) => ({ words: address, in: ['to', 'cc'] }) },
} as const satisfies Record<string, { conversations: ConversationFilter; restriction: (address: string) => Restriction }>

const is = (property: string, value: string): Restriction => ({ compare: { property }, is: '=', with: { value } })

/** Which messages of a folder a list shows. */
export const listed = z.object({
  folder: folderRef,
  /** A query as Exchange's clients write it (AQS); absent = everything. */
  query: z.string().max(1000).optional(),
  filter: z.enum(['unread', 'flagged', 'attachments', 'toMe']).optional(),
  /** All folders of the mailbox instead of the one. */
  everywhere: z.boolean().optional(),
})
type Listed = z.output<typeof listed>

const input = listed.extend({
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(mostRows),
  /** Rows are conversations. */
  conversations: z.boolean().optional(),
})
type Asked = z.output<typeof input>

/**
 * A page of a folder's messages or conversations, or of the whole mailbox, the newest first; of a folder's messages those that are pinned stand
 * before the others. Days in a query are those of the mailbox's time zone.
 */
export const findMessages = verb(input, async (context, asked) => {
  if (asked.conversations) return conversations(context, asked, await wordsOf(context, asked))
  const search = await searchOf(context, asked)
  const isWhole = asked.query === undefined && asked.filter === undefined && !asked.everywhere
  const top = isWhole ? await pinnedItems(context, asked.folder) : []
  const first = top.slice(asked.offset, asked.offset + asked.limit)
  const { items, total } = await context.mailboxes.findItems(context.caller, {
    ...search,
    ...(top.length > 0 ? { restriction: without(top) } : {}),
    sort: [{ path: { property: 'dateTimeReceived' }, descending: true }],
    view: { kind: 'indexed', offset: Math.max(0, asked.offset - top.length), limit: asked.limit - first.length, from: 'Beginning' },
    wanted: { shape: 'ids', paths: shownInRows },
  })
  return { messages: [...first, ...items].map(rowOfMessage), total: top.length + total }
})

async function wordsOf(context: WebContext, { query, folder }: Listed): Promise<Restriction | undefined> {
  return query ? parseQuery(query, { zone: await zoneOf(context, folder.mailbox), now: context.clock() }) : undefined
}

/** The folders that a list is of, and what its messages fit. */
export async function searchOf(context: WebContext, asked: Listed): Promise<Pick<FindItems, 'folders' | 'traversal' | 'restriction'>> {
  const narrowed = asked.filter ? filters[asked.filter].restriction(context.caller.address) : undefined
  const parts = [await wordsOf(context, asked), narrowed].filter((one) => one !== undefined)
  return {
    folders: asked.everywhere ? await everyFolder(context, asked.folder.mailbox) : [asked.folder],
    traversal: 'Shallow',
    ...(parts.length > 0 ? { restriction: { and: parts } } : {}),
  }
}

async function conversations({ caller, mailboxes, clock }: WebContext, asked: Asked, restriction: Restriction | undefined) {
  const { offset, limit } = asked
  const found = await mailboxes.findConversations(caller, {
    folder: asked.everywhere ? { mailbox: asked.folder.mailbox, kind: 'msgfolderroot' } : asked.folder,
    deep: asked.everywhere === true,
    filter: asked.filter ? filters[asked.filter].conversations : 'All',
    ...(restriction ? { restriction } : {}),
    newestFirst: true,
    page: { offset, limit, from: 'Beginning' },
    mostBytes,
    until: clock() + mostTime,
  })
  const folder = asked.everywhere || !('id' in asked.folder) ? undefined : asked.folder.id
  const messages = found.conversations.map((one) => rowOfConversation(one, folder))
  // Of a large folder nobody counts them: there is at least one more as long as pages are full.
  return { messages, total: found.total ?? offset + messages.length + (messages.length === limit ? 1 : 0) }
}

/** The zone that a mailbox is kept in; UTC where none was chosen. */
async function zoneOf({ caller, mailboxes }: WebContext, mailbox: string) {
  const { timeZone } = await mailboxes.settings(caller, mailbox)
  return (typeof timeZone === 'string' ? zoneNamed(timeZone) : undefined) ?? utc
}

async function everyFolder({ caller, mailboxes }: WebContext, mailbox: string): Promise<FolderRef[]> {
  const { items } = await mailboxes.findFolders(caller, {
    parents: [{ mailbox, kind: 'msgfolderroot' }],
    traversal: 'Deep',
    page: { offset: 0, limit: mostFolders, from: 'Beginning' },
  })
  const isMail = (folderClass: string | null) => folderClass === null || folderClass === 'IPF.Note' || folderClass.startsWith('IPF.Note.')
  return items.filter(({ row, rights }) => rights.read && isMail(row.folderClass)).map(({ row }) => ({ mailbox, id: row.id }))
}

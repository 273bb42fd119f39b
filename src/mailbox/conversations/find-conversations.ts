import { setImmediate } from 'node:timers/promises'
import { folderRights, Refusal, type Caller } from '#model'
import type { ColumnCondition, FolderRow, ItemRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { findItems } from '../find/find-items.ts'
import { largestPage, sliceOf } from '../find/page.ts'
import { folderFor } from '../folders/resolve.ts'
import { foldersBelow, maySearch } from '../search/search-folder.ts'
import { accessTo, isHiddenPrivate, requireRights, type Access } from '../permissions/access.ts'
import type { FindConversations, FoundConversation, FoundConversations } from './contract.ts'
import { filterColumns, filterConditions, filters } from './filter.ts'
import { readableMessages } from './readable.ts'
import { summaryOf } from './summary.ts'

/** The most messages that one question looks at. */
const mostWalked = 50_000
/** Folders up to this many messages are walked to the end, so that the answer says how many conversations there are. */
const counted = 5000
const step = 500
/** Conversations that are read in one transaction. */
const describedAtOnce = 20
const newest = [{ column: 'received', descending: true }] as const

interface Walk {
  /** By their last message, the newest first. */
  conversations: string[]
  /** All that fit are among them. */
  whole: boolean
  /** It ended at the bound, or when its time was over. */
  cut?: 'bound' | 'time'
}

/** The folders that are looked at, by id: one alone, or with all below that the caller may read. */
type Folders = ReadonlyMap<number, FolderRow>

/** [MS-OXWSCONV] 3.1.4.2 FindConversation. Walks the folders from their newest message until the page is full. */
export async function findConversations(ctx: MailboxContext, caller: Caller, input: FindConversations): Promise<FoundConversations> {
  const { mailbox } = input.folder
  const access = await accessTo(ctx, caller, mailbox)
  const folders = await ctx.store.read((tx) => foldersOf(tx, access, input))
  await ctx.binds?.folders(access, [...folders.values()])
  const { page } = input
  const wanted = input.newestFirst && page.from === 'Beginning' ? page.offset + Math.min(page.limit, largestPage) : Infinity
  const walk = input.restriction ? await walkFound(ctx, caller, folders, input) : await walkFolders(ctx, access, folders, input, wanted)
  if (walk.cut === 'bound') {
    throw new Refusal('ExceededFindCountLimit', `At most ${mostWalked} messages are looked through; ask for the newest conversations.`)
  }
  // What was found in time are the newest: an answer to whom they are of use.
  if (walk.cut === 'time' && (wanted === Infinity || walk.conversations.length <= page.offset)) {
    throw new Refusal('TimeoutExpired', 'The conversations take too long to find; ask for the newest, or in fewer folders.')
  }
  const ordered = input.newestFirst ? walk.conversations : walk.conversations.toReversed()
  const slice = sliceOf({ kind: 'indexed', ...page }, ordered.length)
  const shown = ordered.slice(slice.start, slice.start + slice.count)
  const conversations = await described(ctx, access, folders, shown, input)
  return { conversations, offset: slice.start, ...(walk.whole ? { total: ordered.length } : {}) }
}

async function foldersOf(tx: ReadTx, access: Access, { folder: ref, deep }: FindConversations): Promise<Folders> {
  const folder = await folderFor(tx, access, ref)
  requireRights(access, folder, folderRights.readAny)
  const below = deep ? (await foldersBelow(tx, folder)).filter((row) => maySearch(access, row)) : []
  return new Map([folder, ...below].map((row) => [row.id, row]))
}

const sumOf = (folders: Folders, count: 'total' | 'unread') => [...folders.values()].reduce((sum, folder) => sum + folder[count], 0)

async function walkFolders(
  ctx: MailboxContext,
  access: Access,
  folders: Folders,
  { filter, until }: FindConversations,
  wanted: number,
): Promise<Walk> {
  const fits = filters[filter]
  const context = { now: ctx.clock(), address: access.owner?.address.toLowerCase() ?? '' }
  const enough = sumOf(folders, 'total') <= counted ? Infinity : wanted
  const found = new Set<string>()
  // Nobody looks for more unread messages than the folders have.
  let left = filter === 'Unread' ? sumOf(folders, 'unread') : Infinity
  let after: (string | number | null)[] | undefined
  for (let walked = 0; walked < mostWalked && found.size < enough; walked += step) {
    const limit = Math.min(step, left)
    const rows =
      limit === 0 ? [] : await ctx.store.read((tx) => nextRows(tx, access.mailbox, folders, filterConditions[filter], after, limit))
    for (const row of rows) {
      const folder = folders.get(row.folder)
      if (!folder || row.conversation === '' || found.size >= enough) continue
      if (!isHiddenPrivate(access, folder, row) && fits(row, context)) found.add(row.conversation)
    }
    const last = rows.at(-1)
    if (!last || rows.length < step) return { conversations: [...found], whole: found.size < enough || enough === Infinity }
    if (found.size < enough && ctx.clock() >= until) return { conversations: [...found], whole: false, cut: 'time' }
    left -= rows.length
    after = [last.received, last.id]
    await setImmediate()
  }
  return { conversations: [...found], whole: false, ...(found.size < enough && found.size < wanted ? { cut: 'bound' } : {}) }
}

function nextRows(
  tx: ReadTx,
  mailbox: string,
  folders: Folders,
  where: ColumnCondition | undefined,
  after: (string | number | null)[] | undefined,
  limit: number,
): Promise<ItemRow[]> {
  const scan = { mailbox, folders: [...folders.keys()], associated: false, order: [...newest], limit, columns: new Set(filterColumns) }
  return tx.items.rows({ ...scan, ...(where ? { where } : {}), ...(after ? { after } : {}) })
}

/** The conversations of the newest messages that a query finds. */
async function walkFound(
  ctx: MailboxContext,
  caller: Caller,
  folders: Folders,
  { folder: { mailbox }, restriction, filter, until }: FindConversations,
): Promise<Walk> {
  const found = await findItems(ctx, caller, {
    folders: [...folders.keys()].map((id) => ({ mailbox, id })),
    traversal: 'Shallow',
    ...(restriction ? { restriction } : {}),
    view: { kind: 'indexed', offset: 0, limit: largestPage, from: 'Beginning' },
    wanted: { shape: 'default', paths: [{ property: 'conversationId' }] },
    until,
  })
  const access = await accessTo(ctx, caller, mailbox)
  const context = { now: ctx.clock(), address: access.owner?.address.toLowerCase() ?? '' }
  const rows = found.items.map(({ head }) => head as ItemRow)
  const fitting = rows.filter((row) => row.conversation !== '' && filters[filter](row, context))
  return { conversations: [...new Set(fitting.map((row) => row.conversation))], whole: found.includesLast }
}

/** What conversations say, as many as the answer has room and time for; a client asks for the rest from where it ends. */
async function described(
  ctx: MailboxContext,
  access: Access,
  within: Folders,
  ids: readonly string[],
  { mostBytes, until }: FindConversations,
): Promise<FoundConversation[]> {
  const folders = new Map<number, FolderRow | undefined>(within)
  const all: FoundConversation[] = []
  let bytes = 0
  for (let from = 0; from < ids.length && bytes <= mostBytes; from += describedAtOnce) {
    if (from > 0 && ctx.clock() >= until) break
    await ctx.store.read(async (tx) => {
      for (const conversation of ids.slice(from, from + describedAtOnce)) {
        const one = bytes > mostBytes ? undefined : await describedOne(tx, access, within, conversation, folders)
        if (!one) continue
        all.push(one)
        bytes += JSON.stringify(one).length
      }
    })
  }
  return all
}

async function describedOne(
  tx: ReadTx,
  access: Access,
  within: Folders,
  conversation: string,
  folders: Map<number, FolderRow | undefined>,
): Promise<FoundConversation | undefined> {
  const ref = { mailbox: access.mailbox, conversation }
  const rows = (await readableMessages(tx, access, ref, folders)).map(({ row }) => row)
  const local = rows.filter((row) => within.has(row.folder))
  const [last] = local
  // Gone since the walk, or older than the messages that are looked at.
  if (!last) return undefined
  return {
    ref,
    topic: String(last.properties.conversationTopic ?? last.subject),
    local: summaryOf(local),
    global: summaryOf(rows),
    lastModified: Math.max(...rows.map((row) => row.modified)),
    preview: String(last.properties.$preview ?? ''),
    isRead: last.isRead,
  }
}

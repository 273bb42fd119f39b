import { keywordsOf, parseQuery, type Item } from '#mailbox'
import type { Recipient } from '#directory'
import { Refusal, type Caller, type EmailAddress, type Restriction } from '#model'
import { SearchMailboxes, type FailedSearchMailbox, type Infer, type SearchPreviewItem } from '#schema'
import type { EwsContext } from '../../context.ts'
import { itemIdElement } from '../../convert/item.ts'
import { duplicatesIn, hashOf, type Searched } from './duplicates.ts'
import { answerOne, verb } from '../../verb.ts'
import { mailboxNamed, searcher } from './role.ts'

type Request = Infer<typeof SearchMailboxes.request>
type Preview = Infer<typeof SearchPreviewItem>
interface Found {
  sort: string
  address: string
  item: Item
}

/** What one request may ask: mailboxes in all, items on a page, keywords that are counted. */
const most = { mailboxes: 500, page: 500, keywords: 20, rounds: 20 } as const
const usualPage = 100
/** What a search may be in order of: what every item has. The value of an item as a number. */
const orders = {
  dateTimeReceived: ({ received }: Item['head']) => received,
  dateTimeCreated: ({ created }: Item['head']) => created,
  size: ({ size }: Item['head']) => size,
} as const
type Order = keyof typeof orders
const paths = ['from', 'sender', 'toRecipients', 'ccRecipients', 'bccRecipients', 'preview', 'subject', 'itemClass', 'size', 'importance', 'isRead', 'hasAttachments', 'dateTimeSent', 'dateTimeCreated'].map((property) => ({ property })) // prettier-ignore

/** Where an item stands in the order of all mailboxes; goes up with what it is in order of. */
function sortValue({ ref, head }: Item, order: Order): string {
  return `${String(Math.max(0, orders[order](head))).padStart(15, '0')}:${ref.mailbox}:${String(ref.id).padStart(16, '0')}`
}

function addresses(value: unknown): { addresses?: string[] } {
  const found = ((Array.isArray(value) ? value : []) as EmailAddress[]).flatMap(({ address }) => (address ? [address] : []))
  return found.length > 0 ? { addresses: found } : {}
}

function preview({ sort, address, item }: Found): Preview {
  const { head, properties, ref } = item
  const from = (properties.from ?? properties.sender) as EmailAddress | undefined
  const [to, cc, bcc] = [properties.toRecipients, properties.ccRecipients, properties.bccRecipients].map(addresses)
  return {
    Id: itemIdElement(ref, head.change),
    Mailbox: { MailboxId: ref.mailbox, PrimarySmtpAddress: address },
    ItemClass: head.itemClass,
    ...(head.messageId ? { UniqueHash: hashOf(head.messageId) } : {}),
    SortValue: sort,
    OwaLink: '',
    ...(from?.name || from?.address ? { Sender: from.name || from.address } : {}),
    ...(to?.addresses ? { ToRecipients: to.addresses } : {}),
    ...(cc?.addresses ? { CcRecipients: cc.addresses } : {}),
    ...(bcc?.addresses ? { BccRecipients: bcc.addresses } : {}),
    CreatedTime: head.created,
    ReceivedTime: head.received,
    ...(head.sent === null ? {} : { SentTime: head.sent }),
    Subject: head.subject,
    Size: head.size,
    ...(typeof properties.preview === 'string' ? { Preview: properties.preview } : {}),
    Importance: (['Low', 'Normal', 'High'] as const)[head.importance] ?? 'Normal',
    Read: head.isRead,
    HasAttachment: head.hasAttachments,
  }
}

/** The page asked for: how many, in which order and direction, behind what. */
interface Page {
  size: number
  order: Order
  descending: boolean
  after?: string
  backwards: boolean
}

function pageOf(request: Request): Page {
  const { SortBy, PageSize = usualPage, PageItemReference: after, PageDirection } = request
  const order = SortBy && 'property' in SortBy.path ? SortBy.path.property : SortBy ? '' : 'dateTimeReceived'
  if (!Object.hasOwn(orders, order)) {
    throw new Refusal('UnsupportedPathForSortGroup', 'SearchMailboxes sorts by item:DateTimeReceived, item:DateTimeCreated or item:Size.')
  }
  if (PageSize <= 0 || PageSize > most.page) throw new Refusal('InvalidPagingMaxRows', `PageSize: expected 1 to ${most.page}`)
  if (after !== undefined && !/^\d{15}:[0-9a-f-]{36}:\d{16}$/.test(after)) {
    throw new Refusal('InvalidArgument', 'PageItemReference: expected the SortValue of an item that was given')
  }
  const backwards = PageDirection === 'Previous'
  return { size: PageSize, order: order as Order, descending: SortBy?.descending ?? true, ...(after ? { after } : {}), backwards }
}

/** The mailbox, its archive where there is one, or both. */
function boxesIn({ mailbox, archive }: Recipient, scope: 'PrimaryOnly' | 'ArchiveOnly' | 'All'): string[] {
  const archived = archive && scope !== 'PrimaryOnly' ? [archive.mailbox] : []
  return scope === 'ArchiveOnly' ? archived : [mailbox, ...archived]
}

/** What results are counted under: an archive by its owner's DN and its GUID. */
const namesOf = ({ legacyExchangeDn, displayName, archive }: Recipient, mailbox: string) =>
  archive?.mailbox === mailbox
    ? { MailboxId: `${legacyExchangeDn}/guid=${mailbox}`, DisplayName: archive.name }
    : { MailboxId: legacyExchangeDn, DisplayName: displayName }

async function searchAll(context: EwsContext, caller: Caller, request: Request) {
  const failed: Infer<typeof FailedSearchMailbox>[] = []
  const stats = new Map<string, { MailboxId: string; DisplayName: string; ItemCount: number; Size: number }>()
  const keywords = new Map<string, { Keyword: string; ItemHits: number; Size: number }>()
  const searched: Searched[] = []
  for (const { Query, MailboxSearchScopes } of request.SearchQueries) {
    const time = { zone: context.zone, now: context.clock() }
    const query = parseQuery(Query, time)
    for (const { Mailbox, SearchScope } of MailboxSearchScopes) {
      const owner = await mailboxNamed(context, Mailbox)
      if (!owner) failed.push({ Mailbox, ErrorCode: 0, ErrorMessage: `There is no mailbox '${Mailbox.slice(0, 320)}'.`, IsArchive: false })
      for (const mailbox of owner ? boxesIn(owner, SearchScope) : []) {
        const search = { mailbox, descending: true, wanted: { shape: 'ids' as const }, limit: 0 }
        const { total, size } = await context.mailboxes.searchMailbox(caller, { ...search, ...(query ? { restriction: query } : {}) })
        const stat = stats.get(mailbox) ?? { ...namesOf(owner!, mailbox), ItemCount: 0, Size: 0 }
        stats.set(mailbox, { ...stat, ItemCount: stat.ItemCount + total, Size: stat.Size + size })
        if (total > 0) searched.push({ mailbox, address: owner!.address, ...(query ? { query } : {}) })
        if (request.ResultType === 'PreviewOnly') continue
        for (const { keyword, restriction } of keywordsOf(Query, time, most.keywords)) {
          const hits = await context.mailboxes.searchMailbox(caller, { ...search, restriction })
          const all = keywords.get(keyword) ?? { Keyword: keyword, ItemHits: 0, Size: 0 }
          keywords.set(keyword, { ...all, ItemHits: all.ItemHits + hits.total, Size: all.Size + hits.size })
        }
      }
    }
  }
  const found =
    request.ResultType === 'PreviewOnly' ? await onePage(context, caller, searched, pageOf(request), request.Deduplication === true) : []
  return { found, failed, stats: [...stats.values()], keywords: [...keywords.values()] }
}

/** One page over all mailboxes. Without duplicates: filled up behind those left out, round by round. */
async function onePage(context: EwsContext, caller: Caller, searched: readonly Searched[], page: Page, once: boolean): Promise<Found[]> {
  const found: Found[] = []
  let { after } = page
  for (let round = 0; round < most.rounds && found.length < page.size; round++) {
    const next = await nextOf(context, caller, searched, { ...page, ...(after === undefined ? {} : { after }) })
    const double = once ? await duplicatesIn(context, caller, searched, next.map(({ item }) => item)) : new Set<Item>() // prettier-ignore
    found.push(...next.filter(({ item }) => !double.has(item)))
    after = next.at(-1)?.sort
    if (!once || next.length < page.size) break
  }
  const given = found.slice(0, page.size)
  return page.backwards ? given.reverse() : given
}

/** The next items behind the one named in the order asked, each once; backwards the nearest first. */
async function nextOf(context: EwsContext, caller: Caller, searched: readonly Searched[], page: Page): Promise<Found[]> {
  const { order, size, after } = page
  const descending = page.descending !== page.backwards
  const found = new Map<string, Found>()
  for (const { mailbox, address, query } of searched) {
    const restriction = behind(query, page, descending)
    const { items } = await context.mailboxes.searchMailbox(caller, {
      mailbox,
      by: order,
      descending,
      wanted: { shape: 'ids' as const, paths },
      limit: after ? 2 * most.page : size,
      ...(restriction ? { restriction } : {}),
    })
    for (const item of items) {
      const sort = sortValue(item, order)
      if (after === undefined || (descending ? sort < after : sort > after)) found.set(sort, { sort, address, item })
    }
  }
  return [...found.values()].sort((a, b) => (a.sort < b.sort ? -1 : 1) * (descending ? -1 : 1)).slice(0, size)
}

/** The query for what lies behind the item named, in the direction asked, that one's own value included. */
function behind(query: Restriction | undefined, { after, order }: Page, descending: boolean): Restriction | undefined {
  if (after === undefined) return query
  const number = Number(after.slice(0, 15))
  const value = order === 'size' ? String(number) : new Date(number).toISOString()
  const edge: Restriction = { compare: { property: order }, is: descending ? '<=' : '>=', with: { value } }
  return query ? { and: [edge, query] } : edge
}

/** Mailboxes of the organisation searched, statistics or a page of what is found ([MS-OXWSEDISC] 3.1.4.6). Needs the role Mailbox Search. */
export const searchMailboxes = verb(SearchMailboxes, async (request, context) => [
  await answerOne(context, async () => {
    const scopes = request.SearchQueries.flatMap(({ MailboxSearchScopes }) => MailboxSearchScopes.map(({ Mailbox }) => Mailbox))
    const queries = request.SearchQueries.map(({ Query }) => Query.slice(0, 1000))
    const caller = await searcher(context, ['Mailbox Search'], { operation: 'SearchMailboxes', queries, mailboxes: scopes.slice(0, 100) })
    if (scopes.length > most.mailboxes) throw new Refusal('SearchTooManyMailboxes', `One search is of at most ${most.mailboxes} mailboxes.`)
    const { found, failed, stats, keywords } = await searchAll(context, caller, request)
    const items = found.map(preview)
    const SearchMailboxesResult = {
      SearchQueries: request.SearchQueries,
      ResultType: request.ResultType,
      ItemCount: stats.reduce((sum, one) => sum + one.ItemCount, 0),
      Size: stats.reduce((sum, one) => sum + one.Size, 0),
      PageItemCount: items.length,
      PageItemSize: items.reduce((sum, { Size = 0 }) => sum + Size, 0),
      ...(keywords.length > 0 ? { KeywordStats: keywords } : {}),
      ...(items.length > 0 ? { Items: items } : {}),
      ...(failed.length > 0 ? { FailedMailboxes: failed } : {}),
      MailboxStats: stats,
    }
    return { SearchMailboxesResult }
  }),
])

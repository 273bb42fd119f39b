import type { Item } from '#mailbox'
import { Refusal, type Caller, type EmailAddress, type Restriction } from '#model'
import { SearchMailboxes, type FailedSearchMailbox, type Infer, type SearchPreviewItem } from '#schema'
import type { EwsContext } from '../../context.ts'
import { itemIdElement } from '../../convert/item.ts'
import { keywordsOf, parseQuery } from '../../search/aqs/index.ts'
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
const most = { mailboxes: 500, page: 500, keywords: 20 } as const
const usualPage = 100
const received = { property: 'dateTimeReceived' }
const paths = ['from', 'sender', 'toRecipients', 'ccRecipients', 'bccRecipients', 'preview', 'subject', 'itemClass', 'size', 'importance', 'isRead', 'hasAttachments', 'dateTimeSent', 'dateTimeCreated'].map((property) => ({ property })) // prettier-ignore

/** Where an item stands in the order of all mailboxes; goes up with the time received. */
function sortValue({ ref, head }: Item): string {
  return `${String(head.received).padStart(15, '0')}:${ref.mailbox}:${String(ref.id).padStart(16, '0')}`
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

/** The page asked for: how many, in which direction, behind what. */
function pageOf(request: Request): { size: number; descending: boolean; after?: string; backwards: boolean } {
  const { SortBy, PageSize = usualPage, PageItemReference: after, PageDirection } = request
  if (SortBy && !('property' in SortBy.path && SortBy.path.property === received.property)) {
    throw new Refusal('UnsupportedPathForSortGroup', 'SearchMailboxes sorts by item:DateTimeReceived.')
  }
  if (PageSize <= 0 || PageSize > most.page) throw new Refusal('InvalidPagingMaxRows', `PageSize: expected 1 to ${most.page}`)
  if (after !== undefined && !/^\d{15}:[0-9a-f-]{36}:\d{16}$/.test(after)) {
    throw new Refusal('InvalidArgument', 'PageItemReference: expected the SortValue of an item that was given')
  }
  return { size: PageSize, descending: SortBy?.descending ?? true, ...(after ? { after } : {}), backwards: PageDirection === 'Previous' }
}

async function searchAll(context: EwsContext, caller: Caller, request: Request) {
  const page = pageOf(request)
  const descending = page.descending !== page.backwards
  const withItems = request.ResultType === 'PreviewOnly'
  const found: Found[] = []
  const failed: Infer<typeof FailedSearchMailbox>[] = []
  const stats = new Map<string, { MailboxId: string; DisplayName: string; ItemCount: number; Size: number }>()
  const keywords = new Map<string, { Keyword: string; ItemHits: number; Size: number }>()
  for (const { Query, MailboxSearchScopes } of request.SearchQueries) {
    const time = { zone: context.zone, now: context.clock() }
    const query = parseQuery(Query, time)
    for (const { Mailbox, SearchScope } of MailboxSearchScopes) {
      const owner = await mailboxNamed(context, Mailbox)
      if (!owner) failed.push({ Mailbox, ErrorCode: 0, ErrorMessage: `There is no mailbox '${Mailbox.slice(0, 320)}'.`, IsArchive: false })
      if (!owner || SearchScope === 'ArchiveOnly') continue
      const search = { mailbox: owner.mailbox, descending, wanted: { shape: 'ids' as const, paths } }
      const { total, size } = await context.mailboxes.searchMailbox(caller, {
        ...search,
        limit: 0,
        ...(query ? { restriction: query } : {}),
      })
      const stat = stats.get(owner.mailbox) ?? { MailboxId: owner.legacyExchangeDn, DisplayName: owner.displayName, ItemCount: 0, Size: 0 }
      stats.set(owner.mailbox, { ...stat, ItemCount: stat.ItemCount + total, Size: stat.Size + size })
      if (withItems) {
        const restriction = behind(query, page.after, descending)
        const { items } = await context.mailboxes.searchMailbox(caller, {
          ...search,
          limit: page.after ? 2 * most.page : page.size,
          ...(restriction ? { restriction } : {}),
        })
        found.push(...items.map((item) => ({ sort: sortValue(item), address: owner.address, item })))
        continue
      }
      for (const { keyword, restriction } of keywordsOf(Query, time, most.keywords)) {
        const hits = await context.mailboxes.searchMailbox(caller, { ...search, limit: 0, restriction })
        const all = keywords.get(keyword) ?? { Keyword: keyword, ItemHits: 0, Size: 0 }
        keywords.set(keyword, { ...all, ItemHits: all.ItemHits + hits.total, Size: all.Size + hits.size })
      }
    }
  }
  return { found: inOrder(found, page, descending), failed, stats: [...stats.values()], keywords: [...keywords.values()] }
}

/** The query for what lies behind the item named, in the direction asked, that one's own moment included. */
function behind(query: Restriction | undefined, after: string | undefined, descending: boolean): Restriction | undefined {
  if (after === undefined) return query
  const value = new Date(Number(after.slice(0, 15))).toISOString()
  const edge: Restriction = { compare: received, is: descending ? '<=' : '>=', with: { value } }
  return query ? { and: [edge, query] } : edge
}

/** One page of what several mailboxes gave, each item once. */
function inOrder(found: Found[], page: ReturnType<typeof pageOf>, descending: boolean): Found[] {
  const { after, size, backwards } = page
  const once = [...new Map(found.map((one) => [one.sort, one])).values()]
  const beyond = once.filter(({ sort }) => after === undefined || (descending ? sort < after : sort > after))
  const sorted = beyond.sort((a, b) => (a.sort < b.sort ? -1 : 1) * (descending ? -1 : 1)).slice(0, size)
  return backwards ? sorted.reverse() : sorted
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

import { parseQuery, type FindItems } from '#mailbox'
import { Refusal, type Instant } from '#model'
import { FindItem, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { ewsItem } from '../../convert/item.ts'
import { askedBy } from '../../convert/shape.ts'
import { folderRef } from '../../folder-reference.ts'
import { grouped } from '../../search/group.ts'
import { answerEach, verb } from '../../verb.ts'

type Request = Infer<typeof FindItem.request>
/** How many items one answer holds at most, however many were asked for ([MS-OXWSSRCH] 3.1.4.2). */
const mostItems = 1000

function limitOf(MaxEntriesReturned: number | undefined, most: number): number {
  if (MaxEntriesReturned !== undefined && MaxEntriesReturned <= 0) {
    throw new Refusal('InvalidPagingMaxRows', 'MaxEntriesReturned: expected more than 0')
  }
  return Math.min(MaxEntriesReturned ?? most, most)
}

/** The view a request asks for; refuses the paging parameters that cannot be. */
function viewOf(view: Request['View'], most: number): FindItems['view'] {
  if (!view) return { kind: 'indexed', offset: 0, limit: most, from: 'Beginning' }
  switch (view.is) {
    case 'IndexedPageItemView': {
      const { Offset: offset, BasePoint: from, MaxEntriesReturned } = view.value
      if (offset < 0) throw new Refusal('InvalidIndexedPagingParameters', 'Offset: expected 0 or more')
      return { kind: 'indexed', offset, limit: limitOf(MaxEntriesReturned, most), from }
    }
    case 'FractionalPageItemView': {
      const { Numerator: numerator, Denominator: denominator, MaxEntriesReturned } = view.value
      if (numerator < 0 || denominator <= 0 || numerator > denominator) {
        throw new Refusal('InvalidFractionalPagingParameters', 'Expected 0 ≤ Numerator ≤ Denominator and Denominator > 0')
      }
      return { kind: 'fractional', numerator, denominator, limit: limitOf(MaxEntriesReturned, most) }
    }
    case 'CalendarView': {
      const { StartDate: start, EndDate: end, MaxEntriesReturned } = view.value
      return calendarView(start, end, MaxEntriesReturned)
    }
    case 'ContactsView': {
      const { InitialName: initial, FinalName: final, MaxEntriesReturned } = view.value
      return {
        kind: 'contacts',
        ...(initial === undefined ? {} : { initial }),
        ...(final === undefined ? {} : { final }),
        limit: limitOf(MaxEntriesReturned, most),
      }
    }
    case 'SeekToConditionPageItemView': {
      const { Condition: condition, BasePoint: from, MaxEntriesReturned } = view.value
      return { kind: 'seek', condition, from, limit: limitOf(MaxEntriesReturned, most) }
    }
  }
}

function calendarView(start: Instant, end: Instant, most: number | undefined): FindItems['view'] {
  if (end < start) throw new Refusal('CalendarEndDateIsEarlierThanStartDate', 'CalendarView: EndDate lies before StartDate.')
  return { kind: 'calendar', start, end, ...(most === undefined ? {} : { limit: limitOf(most, 10_000) }) }
}

function searchOf(request: Request, { zone, clock }: EwsContext): Pick<FindItems, 'restriction'> {
  const { Restriction, QueryString } = request
  const query = QueryString && parseQuery(QueryString.Text, { zone, now: clock() })
  const both = [...(Restriction ? [Restriction] : []), ...(query ? [query] : [])]
  const restriction = both.length > 1 ? { and: both } : both[0]
  return restriction ? { restriction } : {}
}

/** Items of folders that fit, sorted, a page of them ([MS-OXWSSRCH] 3.1.4.2): one answer for each folder. */
export const findItem = verb(FindItem, (request, context) => {
  const asked = askedBy(request.ItemShape, context.version)
  return answerEach(context, request.ParentFolderIds, async (id) => {
    if (asked.refusal) throw asked.refusal
    if (asked.wanted.mime) throw new Refusal('InvalidPropertyRequest', 'IncludeMimeContent: FindItem gives no MIME; ask GetItem.')
    const view = viewOf(request.View, Math.max(1, Math.min(mostItems, context.throttle.ewsFindCount)))
    if (view.kind === 'calendar' && (request.Restriction || request.SortOrder || request.QueryString || request.GroupBy)) {
      throw new Refusal('InvalidRequest', 'A CalendarView stands alone: no restriction, sort order, query or grouping.')
    }
    const { GroupBy: group } = request
    const found = await context.mailboxes.findItems(context.caller, {
      until: context.deadline,
      folders: [await folderRef(context, id)],
      traversal: request.Traversal,
      ...searchOf(request, context),
      ...(request.SortOrder ? { sort: request.SortOrder } : {}),
      ...(group ? { group } : {}),
      view,
      wanted: asked.wanted,
    })
    const items = found.items.map((item) => ewsItem(item, asked))
    const paging =
      view.kind === 'fractional'
        ? { NumeratorOffset: found.nextOffset, AbsoluteDenominator: Math.max(found.total, 1) }
        : view.kind === 'indexed' || view.kind === 'seek'
          ? { IndexedPagingOffset: found.nextOffset }
          : {}
    const Found = group ? { is: 'Groups' as const, value: grouped(items, found.groups ?? []) } : { is: 'Items' as const, value: items }
    return { RootFolder: { Found, ...paging, TotalItemsInView: found.total, IncludesLastItemInRange: found.includesLast } }
  })
})

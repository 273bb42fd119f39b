import type { PropertyPath } from '#model'
import { childNamed, type XmlElement } from '#wire'
import {
  attribute,
  bool,
  choiceNamed,
  dateTime,
  int,
  oneOf,
  optional,
  refuseAt,
  string,
  text,
  type Codec,
  type Infer,
} from '../kernel/index.ts'
import { t } from './namespaces.ts'
import { childPath, pathToXml } from './paths.ts'
import { FieldOrder, RestrictionElement } from './restrictions.ts'

const paging = { MaxEntriesReturned: optional(attribute(int)) }
const BasePoint = attribute(oneOf('Beginning', 'End'))

/** [MS-OXWSSRCH] 2.2.4.16 ff.: how much of what was found, from where. */
export const IndexedPageView = t.record({ ...paging, Offset: attribute(int), BasePoint })
export type IndexedPageView = Infer<typeof IndexedPageView>
export const FractionalPageView = t.record({ ...paging, Numerator: attribute(int), Denominator: attribute(int) })
export type FractionalPageView = Infer<typeof FractionalPageView>
export const CalendarView = t.record({ ...paging, StartDate: attribute(dateTime), EndDate: attribute(dateTime) })
export type CalendarView = Infer<typeof CalendarView>
export const ContactsView = t.record({ ...paging, InitialName: optional(attribute(string)), FinalName: optional(attribute(string)) })
export type ContactsView = Infer<typeof ContactsView>
export const SeekToConditionPageView = t.record({ ...paging, Condition: RestrictionElement, BasePoint })
export type SeekToConditionPageView = Infer<typeof SeekToConditionPageView>

/** What FindItem and FindFolder say of their page. */
export const pagingAttributes = {
  IndexedPagingOffset: optional(attribute(int)),
  NumeratorOffset: optional(attribute(int)),
  AbsoluteDenominator: optional(attribute(int)),
  IncludesLastItemInRange: optional(attribute(bool)),
  TotalItemsInView: optional(attribute(int)),
}

export const SortOrder = t.nonEmptyList('FieldOrder', FieldOrder)

/** [MS-OXWSSRCH] 2.2.4.15 GroupByType, and grouping by conversation topic. */
export interface Grouping {
  is: 'GroupBy' | 'DistinguishedGroupBy'
  descending: boolean
  path: PropertyPath
  aggregate: { path: PropertyPath; of: 'Minimum' | 'Maximum' }
}

function orderOf(element: XmlElement): boolean {
  const { Order } = element.attributes
  return Order === 'Ascending' || Order === 'Descending'
    ? Order === 'Descending'
    : refuseAt(element, 'expected Ascending|Descending', 'Order')
}

const GroupBy: Codec<Grouping> = {
  shape: { is: 'own', name: 'groupBy' },
  read: (element) => {
    const on = childNamed(element, 'AggregateOn') ?? refuseAt(element, 'expected AggregateOn')
    const of = on.attributes.Aggregate
    if (of !== 'Minimum' && of !== 'Maximum') return refuseAt(on, 'expected Minimum|Maximum', 'Aggregate')
    return { is: 'GroupBy', descending: orderOf(element), path: childPath(element), aggregate: { path: childPath(on), of } }
  },
  write: (tag, { descending, path, aggregate }) =>
    `<${tag} Order="${descending ? 'Descending' : 'Ascending'}">${pathToXml(path)}` +
    `<t:AggregateOn Aggregate="${aggregate.of}">${pathToXml(aggregate.path)}</t:AggregateOn></${tag}>`,
}

const topic = { path: { property: 'conversationTopic' }, aggregate: { path: { property: 'dateTimeReceived' }, of: 'Maximum' } } as const
const DistinguishedGroupBy: Codec<Grouping> = {
  shape: { is: 'own', name: 'distinguishedGroupBy' },
  read: (element) => {
    const by = childNamed(element, 'StandardGroupBy')
    if (!by || by.children.join('').trim() !== 'ConversationTopic') refuseAt(element, 'expected StandardGroupBy ConversationTopic')
    return { is: 'DistinguishedGroupBy', descending: orderOf(element), ...topic }
  },
  write: (tag, { descending }) =>
    `<${tag} Order="${descending ? 'Descending' : 'Ascending'}"><t:StandardGroupBy>ConversationTopic</t:StandardGroupBy></${tag}>`,
}
export const grouping = choiceNamed({ GroupBy, DistinguishedGroupBy }, ({ is }: Grouping): string => is)

/** [MS-OXWSSRCH] 2.2.4.23 QueryStringType. */
export const QueryString = t.record({
  Text: text(string),
  ResetCache: optional(attribute(bool)),
  ReturnHighlightTerms: optional(attribute(bool)),
  ReturnDeletedItems: optional(attribute(bool)),
})

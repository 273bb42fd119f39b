import { attribute, choice, oneOf, optional, string } from '../../kernel/index.ts'
import { AnyFolders } from '../folders.ts'
import { BaseFolderIds } from '../ids.ts'
import { AnyItems } from '../items.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'
import { RestrictionElement } from '../restrictions.ts'
import { FolderShape, ItemShape } from '../shapes.ts'
import {
  CalendarView, ContactsView, FractionalPageView, IndexedPageView, QueryString, SeekToConditionPageView, SortOrder,
  grouping, pagingAttributes,
} from '../views.ts' // prettier-ignore

export const HighlightTerms = t.list('Term', t.record({ Scope: string, Value: string }))

const Group = t.record({ GroupIndex: string, Items: AnyItems })
const FoundItems = t.record({
  Found: choice({ Items: AnyItems, Groups: t.list('GroupedItems', Group) }),
  ...pagingAttributes,
})

export const FindItem = batch('FindItem', '[MS-OXWSSRCH] 3.1.4.2', {
  request: {
    ItemShape,
    View: optional(
      choice({
        IndexedPageItemView: IndexedPageView,
        FractionalPageItemView: FractionalPageView,
        SeekToConditionPageItemView: SeekToConditionPageView,
        CalendarView,
        ContactsView,
      }),
    ),
    GroupBy: optional(grouping),
    Restriction: optional(RestrictionElement),
    SortOrder: optional(SortOrder),
    ParentFolderIds: BaseFolderIds,
    QueryString: optional(QueryString),
    Traversal: attribute(oneOf('Shallow', 'SoftDeleted', 'Associated')),
  },
  message: { RootFolder: optional(FoundItems), HighlightTerms: optional(HighlightTerms) },
})

export const FindFolder = batch('FindFolder', '[MS-OXWSSRCH] 3.1.4.1', {
  request: {
    FolderShape,
    View: optional(choice({ IndexedPageFolderView: IndexedPageView, FractionalPageFolderView: FractionalPageView })),
    Restriction: optional(RestrictionElement),
    ParentFolderIds: BaseFolderIds,
    Traversal: attribute(oneOf('Shallow', 'Deep', 'SoftDeleted')),
  },
  message: { RootFolder: optional(t.record({ Folders: optional(AnyFolders), ...pagingAttributes })) },
})

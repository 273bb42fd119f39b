import type { Page } from '#mailbox'
import { Refusal } from '#model'
import { FindFolder, type FractionalPageView, type IndexedPageView } from '#schema'
import { ewsFolder, folderWanted } from '../../convert/folder.ts'
import { askedBy } from '../../convert/shape.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

/** How many folders one answer holds at most. */
const mostFolders = 10_000

type View = { is: 'IndexedPageFolderView'; value: IndexedPageView } | { is: 'FractionalPageFolderView'; value: FractionalPageView }
type FolderPage = Page | { numerator: number; denominator: number; limit: number }

/** The page a view asks for; refuses InvalidIndexedPagingParameters, InvalidFractionalPagingParameters, InvalidPagingMaxRows. */
function pageOf(view: View | undefined): FolderPage {
  if (!view) return { offset: 0, limit: mostFolders, from: 'Beginning' }
  const { MaxEntriesReturned } = view.value
  if (MaxEntriesReturned !== undefined && MaxEntriesReturned <= 0) {
    throw new Refusal('InvalidPagingMaxRows', 'MaxEntriesReturned: expected more than 0')
  }
  const limit = Math.min(MaxEntriesReturned ?? mostFolders, mostFolders)
  if (view.is === 'FractionalPageFolderView') {
    const { Numerator: numerator, Denominator: denominator } = view.value
    if (numerator < 0 || denominator <= 0 || numerator > denominator) {
      throw new Refusal('InvalidFractionalPagingParameters', 'Expected 0 ≤ Numerator ≤ Denominator and Denominator > 0')
    }
    return { numerator, denominator, limit }
  }
  if (view.value.Offset < 0) throw new Refusal('InvalidIndexedPagingParameters', 'Offset: expected 0 or more')
  return { offset: view.value.Offset, limit, from: view.value.BasePoint }
}

/** Folders below others ([MS-OXWSSRCH] 3.1.4.1): one answer for each parent. */
export const findFolder = verb(FindFolder, (request, context) => {
  const asked = askedBy(request.FolderShape, context.version)
  return answerEach(context, request.ParentFolderIds, async (id) => {
    if (asked.refusal) throw asked.refusal
    const page = pageOf(request.View as View | undefined)
    const found = await context.mailboxes.findFolders(context.caller, {
      parents: [await folderRef(context, id)],
      traversal: request.Traversal,
      ...(request.Restriction ? { restriction: request.Restriction } : {}),
      page,
      ...folderWanted(asked),
    })
    const Folders = []
    for (const folder of found.items) Folders.push(await ewsFolder(context, folder, asked))
    const paging =
      'numerator' in page
        ? { NumeratorOffset: found.nextOffset, AbsoluteDenominator: Math.max(found.total, 1) }
        : { IndexedPagingOffset: found.nextOffset }
    return { RootFolder: { Folders, ...paging, IncludesLastItemInRange: found.includesLast, TotalItemsInView: found.total } }
  })
})

import type { Restriction } from '#model'
import type { MailboxContext } from '../context.ts'
import type { FindItems } from '../contract.ts'
import { scanIds, type Search } from './scan.ts'

type Seek = Extract<FindItems['view'], { kind: 'seek' }>

/**
 * [MS-OXWSSRCH] SeekToConditionPageViewType as a page by index: it begins with the first entry that meets the condition, or ends with
 * the last. Nothing meets it → an empty page behind the last. Looks at everything that is searched, in steps.
 * @param searchWith The same search with one more condition.
 */
export async function seekPage(
  ctx: MailboxContext,
  search: Search,
  view: Seek,
  searchWith: (condition: Restriction) => Search,
): Promise<Extract<FindItems['view'], { kind: 'indexed' }>> {
  const all = await scanIds(ctx, search)
  const hits = new Set(await scanIds(ctx, searchWith(view.condition)))
  const { from, limit } = view
  const at = from === 'Beginning' ? all.findIndex((id) => hits.has(id)) : all.findLastIndex((id) => hits.has(id))
  const offset = at < 0 ? all.length : from === 'Beginning' ? at : all.length - 1 - at
  return { kind: 'indexed', offset, limit, from }
}

import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { ask, type Answer } from '../app/api.ts'
import type { Actable, Action, ItemPlace, Message, Row } from './mail-tools.ts'
import type { Moved } from './undo.ts'

/** What one question takes. */
export const atOnce = 200
type Page = Answer<'findMessages'>

const removes = new Set<Action['do']>(['delete', 'move', 'junk'])

/** Does things to messages: shown at once, told to the server, asked anew afterwards. `fail` hears what was refused, `moved` what can be taken back. */
export function useActions(
  fail: (message: string) => void,
  moved: (moved: Moved) => void,
): (rows: readonly Actable[], action: Action) => Promise<void> {
  const queries = useQueryClient()
  return async (rows, action) => {
    const items = rows.flatMap((row) => row.items)
    await queries.cancelQueries({ queryKey: ['mail', 'messages'] })
    const folderOf = foldersOf(queries)
    const back = new Map<number, ItemPlace[]>()
    showAtOnce(queries, new Set(items.map(({ id }) => id)), action)
    const refused: string[] = []
    try {
      for (let from = 0; from < items.length; from += atOnce) {
        const { outcomes } = await ask('actOnMessages', { items: items.slice(from, from + atOnce), action })
        for (const { item, now, error } of outcomes) {
          if (error) refused.push(error.message)
          const folder = folderOf.get(item.id)
          if (now && folder !== undefined) back.set(folder, [...(back.get(folder) ?? []), now])
        }
      }
    } catch (error) {
      refused.push((error as Error).message)
    }
    if (back.size > 0 && (action.do === 'move' || (action.do === 'delete' && !action.forGood)))
      moved({ to: action.do === 'move' && 'id' in action.to ? action.to.id : undefined, back })
    if (refused.length > 0) fail([...new Set(refused)].slice(0, 3).join(' '))
    await queries.invalidateQueries({ queryKey: ['mail'] })
  }
}

/** In which folder each message lies, as far as lists know it. */
function foldersOf(queries: QueryClient): ReadonlyMap<number, number> {
  const rows = queries.getQueriesData<Page>({ queryKey: ['mail', 'messages'] }).flatMap(([, page]) => page?.messages ?? [])
  return new Map(rows.flatMap(({ folder, items }) => (folder === undefined ? [] : items.map(({ id }) => [id, folder] as const))))
}

/** The pages of every list, and the message that is read, as they will be. */
function showAtOnce(queries: QueryClient, ids: ReadonlySet<number>, action: Action): void {
  const touched = (row: Row) => row.items.some(({ id }) => ids.has(id))
  if (removes.has(action.do)) {
    const lists = new Map<string, [number, readonly unknown[], Page][]>()
    for (const [key, page] of queries.getQueriesData<Page>({ queryKey: ['mail', 'messages'] })) {
      if (!page) continue
      const list = JSON.stringify(key.slice(0, -1))
      lists.set(list, [...(lists.get(list) ?? []), [Number(key.at(-1)), key, page]])
    }
    for (const pages of lists.values()) withoutRows(queries, pages, touched)
    return
  }
  queries.setQueriesData<Page>({ queryKey: ['mail', 'messages'] }, (page) =>
    page ? { ...page, messages: page.messages.map((row) => (touched(row) ? { ...row, ...changed(action) } : row)) } : page,
  )
  for (const id of ids) {
    queries.setQueryData<Message>(['mail', 'message', id], (message) => (message ? { ...message, ...changedMessage(action) } : message))
  }
}

/** Rows behind those that go move up, as far as the next page is known. */
function withoutRows(queries: QueryClient, pages: [number, readonly unknown[], Page][], goes: (row: Row) => boolean): void {
  const sorted = pages.toSorted(([a], [b]) => a - b)
  const sizes = sorted.map(([, , { messages }]) => messages.length)
  const gone = sorted.reduce((sum, [, , { messages }]) => sum + messages.filter(goes).length, 0)
  if (gone === 0) return
  const kept = sorted.map(([number, key, page]) => ({ number, key, page, messages: page.messages.filter((row) => !goes(row)) }))
  kept.forEach((one, at) => {
    const next = kept[at + 1]
    if (next?.number === one.number + 1) one.messages.push(...next.messages.splice(0, (sizes[at] ?? 0) - one.messages.length))
    queries.setQueryData<Page>(one.key, { messages: one.messages, total: Math.max(0, one.page.total - gone) })
  })
}

function changed(action: Action): Partial<Row> {
  if (action.do === 'read') return { isRead: action.isRead }
  if (action.do === 'flag') return { flag: action.status }
  if (action.do === 'categorize') return { categories: action.categories }
  if (action.do === 'pin') return { isPinned: action.isPinned }
  return action.do === 'importance' ? { importance: action.importance } : {}
}

function changedMessage(action: Action): Partial<Message> {
  if (action.do === 'flag') return { flag: { status: action.status } }
  const { isRead, isPinned, categories, importance } = changed(action)
  return {
    ...(isRead === undefined ? {} : { isRead }),
    ...(isPinned === undefined ? {} : { isPinned }),
    ...(categories === undefined ? {} : { categories }),
    ...(importance === undefined ? {} : { importance }),
  }
}

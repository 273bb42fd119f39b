import { useQueries, useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { fromPage } from '../app/first-answer.ts'
import type { Folder, Row } from './mail-tools.ts'

export const pageSize = 100

/** What a list shows of a folder. */
export interface ListOf {
  folder: Folder
  query: string
  filter: 'unread' | 'flagged' | 'attachments' | 'toMe' | undefined
  everywhere: boolean
  conversations: boolean
}

function pageOf({ folder, query, filter, everywhere, conversations }: ListOf, number: number) {
  const page = { folder: folder.ref, offset: number * pageSize, limit: pageSize, everywhere, conversations }
  const asked = { ...page, ...(query ? { query } : {}), ...(filter ? { filter } : {}) }
  return {
    queryKey: ['mail', 'messages', folder.ref.id, { query, filter, everywhere, conversations }, number],
    queryFn: ({ signal }: { signal: AbortSignal }) => ask('findMessages', asked, { signal }),
    ...fromPage('findMessages', asked),
  }
}

/** Whether a list shows something else than all of its folder. */
export const isNarrowed = ({ query, filter, everywhere }: ListOf): boolean => query !== '' || filter !== undefined || everywhere

/** How many rows a list has: as the folder says until the first page is there. */
export function useFirstPage(list: ListOf) {
  const { data, error } = useQuery(pageOf(list, 0))
  return { isKnown: data !== undefined, error, total: data?.total ?? (isNarrowed(list) || list.conversations ? 0 : list.folder.total) }
}

/** The rows of a list, of the pages that hold `indexes` alone; `most` = how many there are by what those say. */
export function usePages(list: ListOf, indexes: readonly number[]) {
  const numbers = [...new Set(indexes.map((index) => Math.floor(index / pageSize)))]
  const answers = useQueries({ queries: numbers.map((number) => pageOf(list, number)) })
  const pages = new Map(answers.map(({ data }, at) => [numbers[at], data] as const))
  return {
    rowAt: (index: number): Row | undefined => pages.get(Math.floor(index / pageSize))?.messages[index % pageSize],
    most: Math.max(0, ...answers.map(({ data }) => data?.total ?? 0)),
  }
}

import { Refusal } from '#model'
import { apply, gridOf, objectsOf, parseFilter, render, type Filter, type Grid, type GridOptions, type GridSort, type Value } from '#shell'

export interface GridScreen {
  readonly width: number
  readonly height: number
  write(text: string): void | Promise<void>
  /** Absent where nobody can be asked: then the grid is shown once, whole. */
  readLine?: (prompt: string, signal: AbortSignal) => Promise<string | undefined>
}

interface View {
  filters: readonly Filter[]
  sort?: GridSort
  offset: number
}

type Turn = { view: View } | { says: string } | { chosen: readonly Value[] }

const prompt = 'grid> '
const help = [
  'Type a filter (Kind does not contain Security; several with "and"; words alone look everywhere), "all" for everything,',
  '"sort NAME" or "sort NAME desc", Enter for the next page, "back", and "q" to close.',
]

/**
 * `Out-GridView` in a terminal: the objects as a table that one filters and sorts by typing. Where rows may be chosen, `choose 1,3-5` (numbers as
 * they are shown, `choose all`) ends it with those.
 */
export async function gridView(objects: AsyncIterable<Value>, options: GridOptions, screen: GridScreen): Promise<readonly Value[]> {
  const all = gridOf(await Array.fromAsync(objects))
  if (!screen.readLine) {
    await screen.write(`${options.title}\n${shownWhole(all, screen.width).join('\n')}\n`)
    return []
  }
  let view: View = { filters: [], offset: 0 }
  let grid = all
  let says = ''
  for (;;) {
    const lines = render(numbered(grid, options.choose), screen.width, Math.max(6, screen.height - 6), view.offset)
    await screen.write(`\n${options.title}\n${lines.join('\n')}\n${says || help.join('\n')}\n`)
    const typed = await screen.readLine(prompt, options.signal)
    const turn =
      typed === undefined ? { chosen: [] } : answer(typed.trim(), { all, grid, view, options, page: Math.max(3, screen.height - 9) })
    if ('chosen' in turn) return turn.chosen
    says = 'says' in turn ? turn.says : ''
    if ('view' in turn) {
      view = turn.view
      grid = apply(all, view.filters, view.sort)
    }
  }
}

interface Now {
  all: Grid
  grid: Grid
  view: View
  options: GridOptions
  page: number
}

/** What one line does. A refusal of it is told, and nothing changes. */
function answer(typed: string, now: Now): Turn {
  const { all, grid, view, options, page } = now
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(typed) ?? []
  try {
    switch (word.toLowerCase()) {
      case '':
        return { view: { ...view, offset: view.offset + page < grid.rows.length ? view.offset + page : 0 } }
      case 'back':
        if (rest === '') return { view: { ...view, offset: Math.max(0, view.offset - page) } }
        break
      case 'q':
      case 'quit':
      case 'close':
        if (rest === '') return { chosen: [] }
        break
      case 'all':
        if (rest === '') return { view: { filters: [], offset: 0 } }
        break
      case 'sort':
        return { view: { ...view, sort: sortOf(rest), offset: 0 } }
      case 'choose':
        return { chosen: chosen(grid, rest, options.choose) }
    }
    const filters = parseFilter(typed)
    apply(all, filters, view.sort)
    return { view: { ...view, filters, offset: 0 } }
  } catch (error) {
    if (error instanceof Refusal) return { says: error.message }
    throw error
  }
}

function sortOf(text: string): GridSort {
  const found = /^(.*?)(?:\s+(desc|descending|asc|ascending))?$/i.exec(text.trim())
  const column = found?.[1]?.trim() ?? ''
  if (!column) throw new Refusal('InvalidParameter', 'Name the column to sort by: sort NAME.')
  return { column, descending: /^desc/i.test(found?.[2] ?? '') }
}

function chosen(grid: Grid, text: string, choose: GridOptions['choose']): readonly Value[] {
  if (choose === 'none') throw new Refusal('InvalidOperation', 'Nothing is passed on here: use Out-GridView -PassThru to choose rows.')
  const objects = objectsOf(grid)
  const numbers = /^all$/i.test(text.trim())
    ? objects.map((_, index) => index + 1)
    : text.split(',').flatMap((part) => rangeOf(part, objects.length))
  if (choose === 'one' && numbers.length !== 1) throw new Refusal('InvalidParameter', 'One row is to be chosen: choose 3.')
  return [...new Set(numbers)].map((number) => objects[number - 1]!)
}

function rangeOf(part: string, most: number): number[] {
  const found = /^\s*(\d{1,7})(?:\s*-\s*(\d{1,7}))?\s*$/.exec(part)
  const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])]
  if (!found || first < 1 || last > most || last < first) {
    throw new Refusal('InvalidParameter', `'${part.trim()}' names no rows: write numbers from 1 to ${most}, such as 1,3-5.`)
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** With a first column of numbers, where rows may be chosen. */
function numbered(grid: Grid, choose: GridOptions['choose']): Grid {
  if (choose === 'none') return grid
  const width = String(grid.rows.length).length
  const rows = grid.rows.map((row, index) => ({ ...row, values: [index + 1, ...row.values], texts: [String(index + 1), ...row.texts] }))
  return { columns: [{ name: '#', isNumber: true, width }, ...grid.columns], rows }
}

const shownWhole = (grid: Grid, width: number) => render(grid, width, grid.rows.length + 3, 0)

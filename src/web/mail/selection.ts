import { createElement, useState } from 'react'
import type { Whole } from './commands.ts'
import type { ListOf } from './list-pages.ts'
import { useMail, type Row } from './mail-tools.ts'

/** What is selected of a list: some of it, all that is in sight, or all of it, however much that is (then how much). */
type Reach = 'some' | 'sight' | number

export interface Selection {
  rows: ReadonlyMap<string, Row>
  reach: Reach
  set(rows: ReadonlyMap<string, Row>, reach?: Reach): void
}

const nothing: Pick<Selection, 'rows' | 'reach'> = { rows: new Map(), reach: 'some' }

/** What is selected of a list, and how something is done to all of it. */
export function useSelection(): Selection & { clear: () => void; wholeOf: (list: ListOf, gone: () => void) => Whole | undefined } {
  const { show, later, forgetMoved } = useMail()
  const [selected, setSelected] = useState(nothing)
  const { reach } = selected
  return {
    ...selected,
    set: (rows, reach = 'some') => setSelected(rows.size > 0 ? { rows, reach } : nothing),
    clear: () => setSelected(nothing),
    wholeOf({ folder, query, filter, everywhere }, gone) {
      if (typeof reach !== 'number') return undefined
      const list = { folder: folder.ref, everywhere, ...(query ? { query } : {}), ...(filter ? { filter } : {}) }
      return {
        total: reach,
        run(action) {
          later(({ WholeListDialog }) => {
            forgetMoved()
            if (action.do === 'delete' || action.do === 'move' || action.do === 'junk') {
              setSelected(nothing)
              gone()
            }
            show(createElement(WholeListDialog, { list, total: reach, action }))
          })
        },
      }
    },
  }
}

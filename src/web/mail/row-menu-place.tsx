import { lazy, Suspense, useState, type MouseEvent, type ReactNode } from 'react'
import { useCommands, type Commands } from './commands.ts'
import type { Spot } from './folder-menu.tsx'
import { keyOf, useMail, type Folder, type Row } from './mail-tools.ts'
import type { Selection } from './selection.ts'

const RowMenu = lazy(() => import('./later.ts').then(({ RowMenu }) => ({ default: RowMenu })))

interface RowMenuOf {
  chosen: readonly Row[]
  /** What is done to what is chosen. */
  actOn: Commands
  folder: Folder
  removed: (rows: readonly Row[]) => void
  selection: Selection
}

/** The menu of a row, or of all that is selected where the row is among it; without a row it is of what is chosen. */
export function useRowMenu({ chosen, actOn, folder, removed, selection }: RowMenuOf): { open: (event: MouseEvent, row: Row | undefined) => void; shown: ReactNode } {
  const { later } = useMail()
  const [place, setPlace] = useState<{ row: Row | undefined; at: Spot } | undefined>()
  const { row } = place ?? {}
  const isOther = row !== undefined && !selection.rows.has(keyOf(row))
  const others = useCommands(isOther ? [row] : [], folder, removed)
  return {
    open(event, row) {
      event.preventDefault()
      if (!row && chosen.length === 0) return
      const { left, top } = event.currentTarget.getBoundingClientRect()
      const at = row ? { x: event.clientX, y: event.clientY } : { x: left + 24, y: top + 24 }
      later(() => setPlace({ row, at }))
    },
    shown: place && <Suspense><RowMenu rows={isOther ? [row] : chosen} folder={folder} commands={isOther ? others : actOn} at={place.at} onClose={() => setPlace(undefined)} /></Suspense>,
  }
} // prettier-ignore

import { makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import { MailInboxRegular } from '@fluentui/react-icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { lazy, Suspense, useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type MouseEvent, type Ref } from 'react'
import { useTexts } from '../app/texts.ts'
import { RecoverLink } from '../recover/recover-link.tsx'
import { dragRows } from './dragging.ts'
import { ListHeader } from './list-header.tsx'
import { useFirstPage, usePages, type ListOf } from './list-pages.ts'
import { keyOf, useMail, type Action, type Row } from './mail-tools.ts'
import { MessageRow, rowHeight, UnknownRow } from './message-row.tsx'
import type { Selection } from './selection.ts'

const WholeListBar = lazy(() => import('./later.ts').then(({ WholeListBar }) => ({ default: WholeListBar })))

const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateRows: 'auto auto 1fr', height: '100%' },
  list: { overflowY: 'auto', contain: 'strict', height: '100%', gridRow: 3, outlineOffset: '-2px' },
  rows: { position: 'relative', width: '100%' },
  empty: { display: 'flex', flexDirection: 'column', alignItems: 'center', gap: tokens.spacingVerticalM, paddingTop: '20%', color: tokens.colorNeutralForeground2 },
}) // prettier-ignore

/** What others ask of the list. */
export interface ListControl {
  /** Goes so many rows down; negative = up. */
  step(by: number): void
  /** The row to choose when these go. */
  besides(keys: ReadonlySet<string>): Row | undefined
  focus(): void
}

interface MessageListProps {
  list: ListOf
  onList: (changes: Partial<ListOf>) => void
  chosen: string | undefined
  onChoose: (row: Row) => void
  selection: Selection
  /** Something is done to one row by its own buttons. */
  onAct: (row: Row, action: Action) => void
  onFolders: () => void
  /** What can be done is asked for at a place: to a row, or to what is chosen. */
  onMenu: (event: MouseEvent, row: Row | undefined) => void
  control: Ref<ListControl>
}

/** The messages of a folder, however many: what is in sight is asked for, page by page. */
export function MessageList({ list, onList, chosen, onChoose, selection, onAct, onFolders, onMenu, control }: MessageListProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const { folders } = useMail()
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, inSight, pages } = useRows(list, scroller)
  const { total, rowAt } = pages
  const keys = useListKeys({ rowAt, total, chosen, onChoose, selection, show: (index) => rows.scrollToIndex(index) })
  useImperativeHandle(control, () => ({ ...keys, focus: () => scroller.current?.focus() }))
  useEffect(() => {
    if (scroller.current?.scrollTop) scroller.current.scrollTo(0, 0)
  }, [list.query, list.filter, list.everywhere, list.conversations])
  const isSent = ['sentitems', 'drafts', 'outbox'].includes(list.folder.kind)
  const all = (on: boolean) => (on ? keys.selectAll() : selection.set(new Map()))
  // A list box without anything in it is none.
  const isEmpty = pages.isKnown && total === 0
  return (
    <div className={styles.whole}>
      <ListHeader list={list} total={total} selected={typeof selection.reach === 'number' ? selection.reach : selection.rows.size} onSelectAll={all} onChange={onList} onFolders={onFolders} />
      <div>
        {selection.reach === 'sight' && selection.rows.size < total && <Suspense><WholeListBar list={list} onWhole={(all) => selection.set(selection.rows, all)} /></Suspense>}
        <RecoverLink kind={list.folder.kind} />
        {pages.error && <MessageBar intent="error"><MessageBarBody>{pages.error.message}</MessageBarBody></MessageBar>}
      </div>
      <div ref={scroller} className={styles.list} role={isEmpty ? 'group' : 'listbox'} aria-label={t('mail.messages')} aria-multiselectable={isEmpty ? undefined : true} tabIndex={0} onKeyDown={keys.hear} onContextMenu={(event) => onMenu(event, inSight.map(({ index }) => rowAt(index)).find((row) => row && document.getElementById(`row-${keyOf(row)}`)?.contains(event.target as Node)))} aria-activedescendant={chosen === undefined || !inSight.some(({ index }) => keyAt(rowAt(index)) === chosen) ? undefined : `row-${chosen}`}>
        {isEmpty && <div className={styles.empty} role="presentation"><MailInboxRegular fontSize={48} aria-hidden /><Text>{t(list.query || list.filter ? 'mail.nothingFound' : 'mail.empty')}</Text></div>}
        <div className={styles.rows} style={{ height: rows.getTotalSize() }} role="presentation">
          {inSight.map(({ index, start }) => {
            const row = rowAt(index)
            if (!row) return <UnknownRow key={`unknown-${index}`} top={start} />
            const key = keyOf(row)
            const marked = selection.rows.has(key) ? [...selection.rows.values()] : [row]
            return <MessageRow key={key} row={row} top={start} at={index} total={total} isChosen={key === chosen} isSelected={selection.rows.has(key)} isSelecting={selection.rows.size > 0} isSent={isSent} where={list.everywhere && row.folder ? folders.find(({ ref }) => ref.id === row.folder)?.name : undefined} onPress={(how) => keys.press(row, index, how)} onAct={(action) => onAct(row, action)} onDrag={(event) => dragRows(event, marked)} />
          })}
        </div>
      </div>
    </div>
  ) // prettier-ignore
}

const keyAt = (row: Row | undefined) => row && keyOf(row)

function useRows(list: ListOf, scroller: React.RefObject<HTMLDivElement | null>) {
  const { total: first, isKnown, error } = useFirstPage(list)
  // Of a large folder conversations are not counted: each page says how many there are at least.
  const [least, setLeast] = useState(0)
  const total = Math.max(first, least)
  const rows = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 4 })
  const inSight = rows.getVirtualItems()
  const { rowAt, most } = usePages(list, inSight.map(({ index }) => index)) // prettier-ignore
  const grown = list.conversations ? most : 0
  useEffect(() => setLeast(grown), [grown])
  return { rows, inSight, pages: { total, isKnown, error, rowAt } }
}

interface KeysOf extends Pick<MessageListProps, 'chosen' | 'onChoose' | 'selection'> {
  rowAt: (index: number) => Row | undefined
  total: number
  show: (index: number) => void
}

/** How rows are chosen and selected, by keys and by mouse: as in Outlook on the web. */
function useListKeys({ rowAt, total, chosen, onChoose, selection, show }: KeysOf) {
  // Where the last row that was pressed stands, and where a range began.
  const at = useRef(-1)
  const anchor = useRef(-1)
  const place = (): number => {
    if (keyAt(rowAt(at.current)) === chosen || selection.rows.size > 0) return at.current
    for (let index = 0; index < total; index++) if (chosen !== undefined && keyAt(rowAt(index)) === chosen) return index
    return -1
  }
  const range = (from: number, to: number) => {
    const rows = new Map<string, Row>()
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
      const row = rowAt(index)
      if (row) rows.set(keyOf(row), row)
    }
    return rows
  }
  const press = (row: Row, index: number, { extend, toggle }: { extend: boolean; toggle: boolean }) => {
    const from = anchor.current < 0 ? Math.max(0, place()) : anchor.current
    at.current = index
    if (extend) return selection.set(range(from, index))
    anchor.current = index
    if (!toggle) {
      selection.set(new Map())
      return onChoose(row)
    }
    const rows = new Map(selection.rows)
    if (!rows.delete(keyOf(row))) rows.set(keyOf(row), row)
    selection.set(rows)
  }
  const goTo = (to: number, extend = false) => {
    const index = Math.max(0, Math.min(total - 1, to))
    show(index)
    const row = rowAt(index)
    if (row) press(row, index, { extend, toggle: false })
  }
  const selectAll = () => selection.set(range(0, total - 1), 'sight')
  const hear = (event: KeyboardEvent) => {
    const now = place()
    const steps: Record<string, number> = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + 8,
      PageUp: now - 8,
      Home: 0,
      End: total - 1,
    }
    const row = rowAt(now)
    if (event.key in steps && !event.ctrlKey) goTo(steps[event.key] ?? 0, event.shiftKey)
    else if (event.key === ' ' && row) press(row, now, { extend: false, toggle: true })
    else if (event.key === 'Enter' && row) onChoose(row)
    else if (event.key === 'a' && event.ctrlKey) selectAll()
    else return
    event.preventDefault()
  }
  return {
    press,
    hear,
    selectAll,
    step: (by: number) => goTo(place() + by),
    besides(keys: ReadonlySet<string>) {
      const stays = (row: Row | undefined) => row !== undefined && !keys.has(keyOf(row))
      const from = Math.max(0, place())
      for (let by = 0; by < 200; by++) {
        for (const row of [rowAt(from + by), rowAt(from - by)]) if (stays(row)) return row
      }
      return undefined
    },
  }
}

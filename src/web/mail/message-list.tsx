import { makeStyles, mergeClasses, SearchBox, Text, tokens } from '@fluentui/react-components'
import { AttachRegular } from '@fluentui/react-icons'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState, type KeyboardEvent } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { inFull, inShort } from '../app/times.ts'
import { RecoverLink } from '../recover/recover-link.tsx'
import type { Folder } from './mail.tsx'

export type Row = Answer<'findMessages'>['messages'][number]

const page = 100
const height = 76
const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateRows: 'auto auto 1fr', height: '100%' },
  search: { margin: tokens.spacingHorizontalS, maxWidth: 'none' },
  list: { overflowY: 'auto', contain: 'strict', height: '100%' },
  rows: { position: 'relative', width: '100%' },
  row: { position: 'absolute', insetInline: 0, height: `${height}px`, boxSizing: 'border-box', padding: tokens.spacingHorizontalS, overflow: 'hidden', cursor: 'pointer', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  unread: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorBrandForeground1 },
  line: { display: 'flex', gap: tokens.spacingHorizontalXS, justifyContent: 'space-between', whiteSpace: 'nowrap', overflow: 'hidden' },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', display: 'block' },
  preview: { color: tokens.colorNeutralForeground3 },
}) // prettier-ignore

/** The messages of a folder, however many: what is in sight is asked for, page by page. */
export function MessageList({ folder, chosen, onChoose }: { folder: Folder; chosen: number | undefined; onChoose: (id: number) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [query, setQuery] = useState('')
  const scroller = useRef<HTMLDivElement>(null)
  const pageOf = (number: number) => ({
    queryKey: ['mail', 'messages', folder.ref.id, query, number],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      ask('findMessages', { folder: folder.ref, offset: number * page, limit: page, ...(query ? { query } : {}) }, { signal }),
  })
  const { data: first } = useQuery(pageOf(0))
  const total = first?.total ?? (query ? 0 : folder.total)
  const rows = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 6 })
  const inSight = rows.getVirtualItems()
  const numbers = [...new Set(inSight.map(({ index }) => Math.floor(index / page)))]
  const pages = new Map(useQueries({ queries: numbers.map(pageOf) }).map(({ data }, at) => [numbers[at], data?.messages] as const))
  const rowAt = (index: number): Row | undefined => pages.get(Math.floor(index / page))?.[index % page]
  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = inSight.find(({ index }) => rowAt(index)?.ref.id === chosen)?.index
    const next = rowAt(at === undefined ? 0 : at + by)
    if (!next) return
    rows.scrollToIndex(at === undefined ? 0 : at + by)
    onChoose(next.ref.id)
  }
  return (
    <div className={styles.whole}>
      <SearchBox className={styles.search} placeholder={t('mail.search')} aria-label={t('mail.search')} onKeyDown={(event) => event.key === 'Enter' && setQuery(event.currentTarget.value)} onChange={(_, { value }) => value === '' && setQuery('')} />
      <div><RecoverLink kind={folder.kind} /></div>
      <div ref={scroller} className={styles.list} role="listbox" aria-label={t('mail.messages')} tabIndex={0} onKeyDown={step} aria-activedescendant={chosen === undefined ? undefined : `message-${chosen}`}>
        {first && total === 0 && <Text>{t('mail.empty')}</Text>}
        <div className={styles.rows} style={{ height: rows.getTotalSize() }} role="presentation">
          {inSight.map(({ index, start }) => {
            const row = rowAt(index)
            return row && <MessageRow key={row.ref.id} row={row} top={start} at={index} total={total} isChosen={row.ref.id === chosen} onChoose={onChoose} />
          })}
        </div>
      </div>
    </div>
  ) // prettier-ignore
}

function MessageRow({
  row,
  top,
  at,
  total,
  isChosen,
  onChoose,
}: {
  row: Row
  top: number
  at: number
  total: number
  isChosen: boolean
  onChoose: (id: number) => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const who = row.from?.name || row.from?.address || row.to || ''
  return (
    <div id={`message-${row.ref.id}`} role="option" aria-selected={isChosen} aria-setsize={total} aria-posinset={at + 1} className={mergeClasses(styles.row, isChosen && styles.chosen)} style={{ transform: `translateY(${top}px)` }} onClick={() => onChoose(row.ref.id)}>
      <div className={styles.line}>
        <Text className={mergeClasses(styles.cut, !row.isRead && styles.unread)}>{who}</Text>
        {row.hasAttachments && <AttachRegular aria-label={t('mail.hasAttachments')} />}
      </div>
      <div className={styles.line}>
        <Text className={mergeClasses(styles.cut, !row.isRead && styles.unread)}>{row.subject || t('mail.noSubject')}</Text>
        <Text size={200} title={row.received === undefined ? undefined : inFull(row.received)}>
          {row.received !== undefined && inShort(row.received)}
        </Text>
      </div>
      <Text size={200} className={mergeClasses(styles.cut, styles.preview)}>
        {row.preview}
      </Text>
      {!row.isRead && <span className="unseen">{t('mail.unread')}</span>}
    </div>
  ) // prettier-ignore
}

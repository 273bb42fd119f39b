import { Button, Link, makeStyles, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, TableSelectionCell, Text, tokens } from '@fluentui/react-components' // prettier-ignore
import { useState } from 'react'
import { useTexts } from '../app/texts.ts'
import type { Given } from './cmdlets.ts'
import { shownValue } from './values.ts'

const pageSize = 50
const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateRows: 'minmax(0, 1fr) auto', minHeight: 0, minWidth: 0 },
  scroll: { overflow: 'auto', minHeight: 0, position: 'relative' },
  header: { position: 'sticky', top: 0, zIndex: 1, backgroundColor: tokens.colorNeutralBackground1 },
  cell: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  cut: { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', maxWidth: '100%', textAlign: 'start' },
  pager: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalXS },
}) // prettier-ignore

export interface Row {
  id: string
  object: Given
}

interface ListTableProps {
  name: string
  rows: readonly Row[]
  columns: readonly string[]
  chosen: ReadonlySet<string>
  onChoose: (chosen: ReadonlySet<string>) => void
  onOpen: (row: Row) => void
}

interface Sort {
  column: string
  descending: boolean
}

/** Objects as a table: chosen by their boxes, opened by their first column, sorted by a heading, a page at a time. */
export function ListTable({ name, rows, columns, chosen, onChoose, onOpen }: ListTableProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const [sort, setSort] = useState<Sort>()
  const [at, setAt] = useState(0)
  const words = { yes: t('admin.yes'), no: t('admin.no') }
  const sorted = sort ? rows.toSorted(by(sort)) : rows
  const start = Math.min(at, Math.floor(Math.max(0, rows.length - 1) / pageSize)) * pageSize
  const shown = sorted.slice(start, start + pageSize)
  const toggle = (id: string) => onChoose(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]))
  const all = rows.length > 0 && chosen.size === rows.length
  const turn = (column: string) => setSort({ column, descending: sort?.column === column && !sort.descending })
  return (
    <div className={styles.whole}>
      <div className={styles.scroll}>
        <Table aria-label={name} size="small" style={{ minWidth: columns.length * 168 }} sortable>
          <TableHeader className={styles.header}>
            <TableRow>
              <TableSelectionCell type="checkbox" checked={all ? true : chosen.size > 0 ? 'mixed' : false} checkboxIndicator={{ 'aria-label': t('admin.chooseAll') }} onClick={() => onChoose(new Set(all ? [] : rows.map(({ id }) => id)))} />
              {columns.map((column) => (
                <TableHeaderCell key={column} sortDirection={sort?.column === column ? (sort.descending ? 'descending' : 'ascending') : undefined} onClick={() => turn(column)}>{column}</TableHeaderCell>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {shown.map((row) => (
              <TableRow key={row.id} aria-selected={chosen.has(row.id)} appearance={chosen.has(row.id) ? 'brand' : 'none'}>
                <TableSelectionCell type="checkbox" checked={chosen.has(row.id)} checkboxIndicator={{ 'aria-label': t('admin.choose', { name: row.id }) }} onClick={() => toggle(row.id)} />
                {columns.map((column, index) => {
                  const text = shownValue(row.object, column, words, true)
                  return <TableCell key={column} className={styles.cell}>{index === 0 ? <Link as="button" className={styles.cut} onClick={() => onOpen(row)}>{text || row.id}</Link> : <span className={styles.cut} title={text}>{text}</span>}</TableCell>
                })}
              </TableRow>
            ))}
          </TableBody>
        </Table>
        {rows.length === 0 && <Text as="p" align="center">{t('admin.nothing')}</Text>}
      </div>
      <div className={styles.pager}>
        <Text size={200} role="status">{rows.length === 0 ? t('admin.nothing') : t('admin.rowsOf', { from: start + 1, to: start + shown.length, total: rows.length })}</Text>
        {rows.length > pageSize && <Button size="small" disabled={start === 0} onClick={() => setAt(start / pageSize - 1)}>{t('admin.previous')}</Button>}
        {rows.length > pageSize && <Button size="small" disabled={start + pageSize >= rows.length} onClick={() => setAt(start / pageSize + 1)}>{t('admin.next')}</Button>}
      </div>
    </div>
  ) // prettier-ignore
}

const by = ({ column, descending }: Sort) => (a: Row, b: Row): number => {
  const [x, y] = [a.object[column], b.object[column]]
  const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x ?? '').localeCompare(String(y ?? ''), undefined, { numeric: true })
  return descending ? -order : order
} // prettier-ignore

import {
  Checkbox,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableCellLayout,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import { inFull, inShort } from '../app/times.ts'
import type { DeletedItem } from './deleted-items.tsx'
import { kindText } from './filter.tsx'

const useStyles = makeStyles({
  box: { width: '48px' },
  wide: { '@media (max-width: 640px)': { display: 'none' } },
  day: { width: '130px', '@media (max-width: 640px)': { width: '72px' } },
  narrow: { width: '150px', '@media (max-width: 640px)': { display: 'none' } },
  gone: { color: tokens.colorNeutralForeground3 },
  cell: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', display: 'block' },
})

/** Deleted items in a table, each with where it was. */
export function ItemTable({
  items,
  chosen,
  onChosen,
}: {
  items: readonly DeletedItem[]
  chosen: ReadonlySet<number>
  onChosen: (chosen: ReadonlySet<number>) => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const count = items.filter(({ id }) => chosen.has(id)).length
  const all = count === 0 ? false : count === items.length ? true : ('mixed' as const)
  const toggle = (id: number) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChosen(next)
  }
  return (
    <Table noNativeElements={false} aria-label={t('recover.items')} size="small">
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.box}>
            <Checkbox checked={all} aria-label={t('recover.selectAll')} onChange={() => onChosen(new Set(all === true ? [] : items.map(({ id }) => id)))} />
          </TableHeaderCell>
          <TableHeaderCell>{t('recover.subject')}</TableHeaderCell>
          <TableHeaderCell className={styles.wide}>{t('recover.from')}</TableHeaderCell>
          <TableHeaderCell className={styles.day}>{t('recover.deleted')}</TableHeaderCell>
          <TableHeaderCell>{t('recover.folder')}</TableHeaderCell>
          <TableHeaderCell className={styles.narrow}>{t('recover.kind')}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {items.map((item) => {
          const subject = item.subject || t('recover.noSubject')
          return (
            <TableRow key={item.id} aria-selected={chosen.has(item.id)} appearance={chosen.has(item.id) ? 'brand' : 'none'} onClick={() => toggle(item.id)}>
              <TableCell className={styles.box}>
                <Checkbox checked={chosen.has(item.id)} aria-label={t('recover.selectOne', { subject })} onClick={(event) => event.stopPropagation()} onChange={() => toggle(item.id)} />
              </TableCell>
              <TableCell><TableCellLayout truncate title={subject}>{subject}</TableCellLayout></TableCell>
              <TableCell className={styles.wide}><TableCellLayout truncate>{item.from}</TableCellLayout></TableCell>
              <TableCell><span title={inFull(item.deleted)}>{inShort(item.deleted)}</span></TableCell>
              <TableCell><OriginalFolder item={item} /></TableCell>
              <TableCell className={styles.narrow}>{t(kindText(item.kind))}</TableCell>
            </TableRow>
          )
        })}
      </TableBody>
    </Table>
  ) // prettier-ignore
}

function OriginalFolder({ item: { folder, returns } }: { item: DeletedItem }) {
  const styles = useStyles()
  const { t } = useTexts()
  const path = folder?.join(' / ')
  if (path !== undefined && returns) return <Text className={styles.cell} title={path}>{path}</Text> // prettier-ignore
  const text = path === undefined ? t('recover.folderUnknown') : t('recover.folderGone', { path })
  return (
    <Text className={`${styles.cell} ${styles.gone}`} title={`${text}. ${t('recover.folderGoes')}`}>
      {text}
    </Text>
  )
}

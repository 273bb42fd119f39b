import {
  Button,
  Checkbox,
  makeStyles,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  SearchBox,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components'
import { FilterFilled, FilterRegular, PanelLeftRegular } from '@fluentui/react-icons'
import { lazy, Suspense, useState, type KeyboardEvent } from 'react'
import { Later } from '../app/later.tsx'
import { useTexts, type TextName } from '../app/texts.ts'
import type { ListOf } from './list-pages.ts'
import { mostWords, queryOf, unrefined, type Refiners } from './search-query.ts'

const SearchPanel = lazy(() => import('./later.ts').then(({ SearchPanel }) => ({ default: SearchPanel })))

const useStyles = makeStyles({
  head: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2 },
  line: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, minWidth: 0 },
  search: { maxWidth: 'none', flexShrink: 0 },
  name: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXS, flexGrow: 1, minWidth: 0 },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
}) // prettier-ignore

type Filter = ListOf['filter']
const filters: readonly [NonNullable<Filter> | 'all', TextName][] = [
  ['all', 'mail.filterAll'],
  ['unread', 'mail.filterUnread'],
  ['flagged', 'mail.filterFlagged'],
  ['attachments', 'mail.filterAttachments'],
  ['toMe', 'mail.filterToMe'],
]

/** What the list shows, and how it is narrowed: search with hints, refiners, everything or nothing selected. */
export function ListHeader({
  list,
  total,
  selected,
  onSelectAll,
  onChange,
  onFolders,
}: {
  list: ListOf
  total: number
  selected: number
  onSelectAll: (all: boolean) => void
  onChange: (changes: Partial<Pick<ListOf, 'query' | 'filter' | 'everywhere'>>) => void
  onFolders: () => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const { folder, filter } = list
  const isSearch = list.query !== ''
  return (
    <div className={styles.head}>
      <Search list={list} onChange={onChange} />
      <div className={styles.line}>
        <Button appearance="subtle" icon={<PanelLeftRegular />} aria-label={t('mail.showFolders')} title={t('mail.showFolders')} onClick={onFolders} />
        <Checkbox checked={selected === 0 ? false : selected >= total ? true : 'mixed'} aria-label={t('mail.selectAll')} title={t('mail.selectAll')} onChange={(_, { checked }) => onSelectAll(checked !== false && selected === 0)} />
        <div className={styles.name}>
          <Subtitle2 as="h2" className={styles.cut}>{isSearch ? t('mail.results') : folder.name}</Subtitle2>
          <Text size={200} className={styles.quiet} role="status">
            {selected > 0 ? t('mail.selected', { count: selected }) : isSearch || filter ? t('mail.found', { count: total }) : `${t('mail.messagesIn', { count: folder.total })}, ${t('mail.unreadIn', { count: folder.unread })}`}
          </Text>
        </div>
        <Later>
        <Menu checkedValues={{ filter: [filter ?? 'all'] }} onCheckedValueChange={(_, { checkedItems: [one] }) => onChange({ filter: one === 'all' ? undefined : (one as Filter) })}>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={filter ? <FilterFilled /> : <FilterRegular />} aria-label={t('mail.filter')} title={t('mail.filter')}>
              {filter && t(filters.find(([value]) => value === filter)?.[1] ?? 'mail.filter')}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {filters.map(([value, text]) => <MenuItemRadio key={value} name="filter" value={value}>{t(text)}</MenuItemRadio>)}
            </MenuList>
          </MenuPopover>
        </Menu>
        </Later>
      </div>
    </div>
  ) // prettier-ignore
}

function Search({ list: { folder, everywhere, query }, onChange }: Pick<Parameters<typeof ListHeader>[0], 'list' | 'onChange'>) {
  const styles = useStyles()
  const { t } = useTexts()
  const [words, setWords] = useState(query)
  const [refiners, setRefiners] = useState(unrefined)
  const [isOpen, setOpen] = useState(false)
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onChange({ query: queryOf(words, refiners) })
    if (event.key !== 'Escape') return
    setWords('')
    setRefiners(unrefined)
    setOpen(false)
    onChange({ query: '', everywhere: false })
  }
  const write = (value: string) => {
    setWords(value)
    if (value === '') onChange({ query: queryOf('', refiners) })
  }
  const add = (hint: string) => {
    setWords(`${words}${words === '' || words.endsWith(' ') ? '' : ' '}${hint}`.slice(0, mostWords))
    document.getElementById('mail-search')?.focus()
  }
  const refine = (changed: Refiners, now: boolean) => {
    setRefiners(changed)
    if (now && queryOf(words, changed) !== query) onChange({ query: queryOf(words, changed) })
  }
  const label = t(everywhere ? 'mail.searchEverywhere' : 'mail.searchFolder', { name: folder.name })
  return (
    <div role="search" className={styles.name} onFocus={() => setOpen(true)}>
      <SearchBox id="mail-search" className={styles.search} value={words} placeholder={label} aria-label={label} maxLength={mostWords} onKeyDown={key} onChange={(_, { value }) => write(value)} />
      {isOpen && (
        <Suspense>
          <SearchPanel everywhere={everywhere} refiners={refiners} onEverywhere={(everywhere) => onChange({ everywhere, query: queryOf(words, refiners) })} onHint={add} onRefine={refine} />
        </Suspense>
      )}
    </div>
  ) // prettier-ignore
}

import {
  Button,
  makeStyles,
  mergeClasses,
  Persona,
  SearchBox,
  Spinner,
  Tab,
  TabList,
  Text,
  tokens,
  Toolbar,
  ToolbarButton,
} from '@fluentui/react-components'
import { ContactCardGroupRegular, PeopleAddRegular, PersonAddRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useGo } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'

export type PersonRow = Answer<'findPeople'>['people'][number]
export type Where = 'contacts' | 'directory'

const rowsAtOnce = 100
const mostRows = 1000
const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalS },
  search: { maxWidth: 'none' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: { display: 'block', overflowWrap: 'anywhere', padding: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, color: 'inherit', textDecorationLine: 'none', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
}) // prettier-ignore

/** Contacts, or the people of the organisation, found by name. */
export function PeopleList({ where, chosen }: { where: Where; chosen: string | undefined }) {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const [words, setWords] = useState('')
  const [limit, setLimit] = useState(rowsAtOnce)
  const { data, error } = useQuery({
    queryKey: ['people', 'list', where, words, limit],
    queryFn: ({ signal }) => ask('findPeople', { where, limit, ...(words ? { words } : {}) }, { signal }),
    placeholderData: (before, query) => (query?.queryKey[2] === where ? before : undefined),
  })
  return (
    <div className={styles.whole}>
      <h1 className="unseen">{t('people.title')}</h1>
      <Toolbar aria-label={t('people.title')}>
        <ToolbarButton icon={<PersonAddRegular />} onClick={() => go('/owa/people/contacts/new')}>{t('people.newContact')}</ToolbarButton>
        <ToolbarButton icon={<PeopleAddRegular />} onClick={() => go('/owa/people/contacts/new-list')}>{t('people.newList')}</ToolbarButton>
        <ToolbarButton icon={<ContactCardGroupRegular />} aria-label={t('people.cardFile')} title={t('people.cardFile')} onClick={() => go('/owa/people/contacts/file')} />
      </Toolbar>
      <TabList selectedValue={where} onTabSelect={(_, { value }) => go(`/owa/people/${String(value)}`)}>
        <Tab value="contacts">{t('people.contacts')}</Tab>
        <Tab value="directory">{t('people.directory')}</Tab>
      </TabList>
      <SearchBox className={styles.search} placeholder={t('people.search')} aria-label={t('people.search')} onChange={(_, { value }) => setWords(value.trim())} />
      {error && <Text role="alert">{error.message}</Text>}
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data?.people.length === 0 && <Text>{t('people.empty')}</Text>}
      <ul className={styles.list} aria-label={t(where === 'contacts' ? 'people.contacts' : 'people.directory')}>
        {data?.people.map((person) => (
          <li key={person.id}>
            <Link to={`/owa/people/${where}/${person.id}`} className={mergeClasses(styles.row, person.id === chosen && styles.chosen)} aria-current={person.id === chosen ? 'true' : undefined}>
              <PersonLine person={person} />
            </Link>
          </li>
        ))}
      </ul>
      {data?.more && limit < mostRows && <Button onClick={() => setLimit(Math.min(limit * 2, mostRows))}>{t('people.more')}</Button>}
    </div>
  ) // prettier-ignore
}

/** A person, a list or a group in one line. */
export function PersonLine({ person: { name, address, about, kind, picture } }: { person: PersonRow }) {
  const { t } = useTexts()
  const isMany = kind === 'list' || kind === 'group'
  const second = kind === 'list' ? t('people.list') : about || (kind === 'group' ? t('people.group') : address)
  return <Persona name={name || address} secondaryText={second} avatar={{ color: 'colorful', ...(isMany ? { shape: 'square' } : {}), ...(picture ? { image: { src: picture } } : {}) }} /> // prettier-ignore
}

import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { ContactEditor } from './contact-editor.tsx'
import { ContactFile } from './contact-file.tsx'
import { ListEditor } from './list-editor.tsx'
import { PeopleList } from './people-list.tsx'
import { PersonCard } from './person-card.tsx'

const useStyles = makeStyles({
  page: { display: 'grid', gridTemplateColumns: 'minmax(260px, 360px) 1fr', height: '100%', minHeight: 0, '@media (max-width: 640px)': { gridTemplateColumns: '1fr' } },
  part: { minHeight: 0, minWidth: 0, overflowY: 'auto' },
  list: { borderInlineEndWidth: '1px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorNeutralStroke2 },
  behind: { '@media (max-width: 640px)': { display: 'none' } },
  hint: { padding: tokens.spacingHorizontalL, color: tokens.colorNeutralForeground2 },
}) // prettier-ignore

/** `/owa/people/{contacts|directory}/{person}/{edit}`: contacts and the directory, and one of them. */
export default function People() {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const [part, id, doing] = useRest()
  const where = part === 'directory' ? 'directory' : 'contacts'
  const path = `/owa/people/${where}`
  const shown = () => {
    if (id === undefined) return <Text className={styles.hint}>{t('people.chooseOne')}</Text>
    const close = (item?: number) => go(item === undefined ? path : `${path}/${item}`)
    if (id === 'new') return <ContactEditor onClose={close} />
    if (id === 'file') return <ContactFile />
    if (id === 'new-list') return <ListEditor onClose={close} />
    if (doing === 'edit') return <ContactEditor key={id} item={Number(id)} onClose={close} />
    if (doing === 'edit-list') return <ListEditor key={id} item={Number(id)} onClose={close} />
    return <PersonCard key={`${where}${id}`} where={where} id={id} />
  }
  return (
    <div className={styles.page}>
      <div className={mergeClasses(styles.part, styles.list, id !== undefined && styles.behind)}>
        <PeopleList key={where} where={where} chosen={id} />
      </div>
      <div className={mergeClasses(styles.part, id === undefined && styles.behind)}>{shown()}</div>
    </div>
  )
}

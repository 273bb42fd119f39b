import { makeStyles, Tab, TabList, Text, Title3, tokens } from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import { Link } from '@tanstack/react-router'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { DeletedFolders } from './deleted-folders.tsx'
import { DeletedItems } from './deleted-items.tsx'

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, height: '100%', minHeight: 0, overflowY: 'auto', paddingInline: tokens.spacingHorizontalL, paddingBlock: tokens.spacingVerticalM, boxSizing: 'border-box' },
  back: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, color: tokens.colorBrandForeground1, alignSelf: 'flex-start' },
  title: { margin: 0 },
  hint: { color: tokens.colorNeutralForeground2, maxWidth: '70ch' },
}) // prettier-ignore

/** `/owa/recover`: what was deleted beyond Deleted Items, and folders that were; back to where they were. */
export default function Recover() {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const [part = 'items'] = useRest()
  return (
    <div className={styles.page}>
      <Link to="/owa/mail" className={styles.back}>
        <ArrowLeftRegular aria-hidden /> {t('recover.backToDeleted')}
      </Link>
      <Title3 as="h1" className={styles.title}>
        {t('recover.title')}
      </Title3>
      <Text className={styles.hint}>{t('recover.hint')}</Text>
      <TabList selectedValue={part} onTabSelect={(_, { value }) => go(value === 'folders' ? '/owa/recover/folders' : '/owa/recover')}>
        <Tab value="items">{t('recover.items')}</Tab>
        <Tab value="folders">{t('recover.folders')}</Tab>
      </TabList>
      {part === 'folders' ? <DeletedFolders /> : <DeletedItems />}
    </div>
  )
}

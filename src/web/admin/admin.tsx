import { makeStyles, mergeClasses, Select, Spinner, Text, tokens } from '@fluentui/react-components'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { useCmdlets, type CmdletDescription } from './cmdlets.ts'
import { ListPage } from './list-page.tsx'
import { pages, sections, type AdminPage } from './pages.ts'
import { StepUpDialog } from './step-up-dialog.tsx'

const ShellPage = lazy(() => import('./shell/shell-page.tsx'))

const narrow = '@media (max-width: 800px)'
const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateColumns: '236px minmax(0, 1fr)', height: '100%', minHeight: 0, [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto minmax(0, 1fr)' } },
  nav: { overflowY: 'auto', paddingBlock: tokens.spacingVerticalM, paddingInline: tokens.spacingHorizontalS, borderInlineEndWidth: '1px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorNeutralStroke2, backgroundColor: tokens.colorNeutralBackground2, [narrow]: { display: 'none' } },
  choose: { display: 'none', padding: tokens.spacingHorizontalS, [narrow]: { display: 'block' } },
  section: { display: 'block', marginBlock: `${tokens.spacingVerticalM} ${tokens.spacingVerticalXXS}`, paddingInline: tokens.spacingHorizontalS, fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground3 },
  links: { listStyleType: 'none', margin: 0, padding: 0 },
  link: { display: 'block', paddingBlock: tokens.spacingVerticalXS, paddingInline: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, color: tokens.colorNeutralForeground1, textDecorationLine: 'none', ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover } },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected, fontWeight: tokens.fontWeightSemibold },
  page: { minHeight: 0, minWidth: 0, overflow: 'hidden' },
}) // prettier-ignore

interface Place {
  path: string
  text: string
}

/** `/ecp/{page}`: what the caller may administer, one page a kind of object, and a shell. */
export default function Admin() {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const cmdlets = useCmdlets()
  const [key, ...behind] = useRest()
  if (!cmdlets) return <Spinner label={t('app.loading')} />
  const allowed = pages.filter(({ list }) => cmdlets.has(list.toLowerCase()))
  const page = allowed.find((one) => one.key === key) ?? (key === undefined ? allowed[0] : undefined)
  const groups = sections.map((section) => ({ name: t(`admin.section.${section}`), places: placesOf(allowed, section, cmdlets, t) }))
  groups.push({ name: t('admin.section.tools'), places: [{ path: '/ecp/shell', text: t('admin.shell') }] })
  const shown = groups.filter(({ places }) => places.length > 0)
  const at = key === 'shell' ? '/ecp/shell' : page ? `/ecp/${page.key}` : ''
  return (
    <div className={styles.whole}>
      <nav className={styles.nav} aria-label={t('admin.pages')}>
        {shown.map(({ name, places }) => (
          <div key={name}>
            <span className={styles.section}>{name}</span>
            <ul className={styles.links} aria-label={name}>
              {places.map(({ path, text }) => <li key={path}><Link to={path} preload={false} className={mergeClasses(styles.link, path === at && styles.chosen)} aria-current={path === at ? 'page' : undefined}>{text}</Link></li>)}
            </ul>
          </div>
        ))}
      </nav>
      <div className={styles.choose}>
        <Select aria-label={t('admin.pages')} value={at} onChange={(_, { value }) => go(value)}>
          {at === '' && <option value="">{t('admin.choosePage')}</option>}
          {shown.map(({ name, places }) => (
            <optgroup key={name} label={name}>
              {places.map(({ path, text }) => <option key={path} value={path}>{text}</option>)}
            </optgroup>
          ))}
        </Select>
      </div>
      <div className={styles.page}>
        <Suspense fallback={<Spinner label={t('app.loading')} />}>
          {key === 'shell' ? <ShellPage /> : page ? <ListPage key={page.key} page={page} cmdlets={cmdlets} opened={behind.join('/')} /> : <Text as="p">{t('app.lost')}</Text>}
        </Suspense>
      </div>
      <StepUpDialog />
    </div>
  ) // prettier-ignore
}

function placesOf(
  allowed: readonly AdminPage[],
  section: AdminPage['section'],
  cmdlets: ReadonlyMap<string, CmdletDescription>,
  t: ReturnType<typeof useTexts>['t'],
): Place[] {
  const places = allowed.filter((page) => page.section === section).map(({ key, name }) => ({ path: `/ecp/${key}`, text: t(name) }))
  if (section === 'organisation' && cmdlets.has('update-hybridconfiguration')) places.push({ path: '/ecp/hybrid', text: t('admin.hybrid') })
  return places
}

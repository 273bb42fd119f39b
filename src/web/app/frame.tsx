import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Suspense, useSyncExternalStore } from 'react'
import { areaAt, areas, type Area } from './areas.tsx'
import { ComposeHost } from '../compose/compose-host.tsx'
import { Later } from './later.tsx'
import { useSession } from './session.tsx'
import { useTexts } from './texts.ts'
import { chooseLook, look, type Look } from './look.ts'

const useStyles = makeStyles({
  frame: { display: 'grid', gridTemplateRows: 'auto 1fr', gridTemplateColumns: 'auto 1fr', height: '100dvh', backgroundColor: tokens.colorNeutralBackground3 },
  bar: { gridColumn: '1 / -1', display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, paddingInline: tokens.spacingHorizontalM, height: '48px', backgroundColor: tokens.colorBrandBackground, color: tokens.colorNeutralForegroundOnBrand },
  name: { flexGrow: 1, fontWeight: tokens.fontWeightSemibold },
  rail: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, padding: tokens.spacingHorizontalXS, '@media (max-width: 640px)': { gridRow: 3, gridColumn: '1 / -1', flexDirection: 'row', justifyContent: 'space-around' } },
  area: { display: 'flex', alignItems: 'center', justifyContent: 'center', width: '44px', height: '44px', borderRadius: tokens.borderRadiusMedium, color: tokens.colorNeutralForeground2, ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover } },
  chosen: { color: tokens.colorBrandForeground1, backgroundColor: tokens.colorNeutralBackground1 },
  main: { minWidth: 0, minHeight: 0, overflow: 'hidden', display: 'grid', gridTemplateRows: 'auto 1fr', backgroundColor: tokens.colorNeutralBackground1, '@media (max-width: 640px)': { gridColumn: '1 / -1' } },
  phone: { '@media (max-width: 640px)': { gridTemplateRows: 'auto 1fr auto' } },
}) // prettier-ignore

/** What stands around every area: who is signed in, the areas, and whether the network is there. */
export function Frame() {
  const styles = useStyles()
  const { t } = useTexts()
  const session = useSession()
  const online = useOnline()
  return (
    <div className={mergeClasses(styles.frame, styles.phone)}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <header className={styles.bar}>
        <Text className={styles.name}>{session.organisation}</Text>
        <Later>
          <Account />
        </Later>
      </header>
      <nav className={styles.rail} aria-label={t('app.areas')}>
        {
          areas.filter(({ isFor, hidden }) => !hidden && isFor(session)).map((area) => <AreaLink key={area.path} area={area} />) /* prettier-ignore */
        }
      </nav>
      <main className={styles.main} id="main" tabIndex={-1}>
        <div role="status">
          {!online && (
            <MessageBar intent="warning">
              <MessageBarBody>{t('app.offline')}</MessageBarBody>
            </MessageBar>
          )}
        </div>
        <Suspense fallback={<Spinner label={t('app.loading')} />}>
          <Outlet />
        </Suspense>
      </main>
      <Later>
        <ComposeHost />
      </Later>
    </div>
  )
}

function AreaLink({ area: { path, name, icon: Icon } }: { area: Area }) {
  const styles = useStyles()
  const { t } = useTexts()
  const isChosen = useLocation({ select: ({ pathname }) => areaAt(pathname)?.path === path })
  return (
    <Link
      to={path}
      className={mergeClasses(styles.area, isChosen && styles.chosen)}
      aria-current={isChosen ? 'page' : undefined}
      aria-label={t(name)}
      title={t(name)}
    >
      <Icon fontSize={24} />
    </Link>
  )
}

function Account() {
  const { t } = useTexts()
  const { name, address } = useSession()
  const looks: [Look, string][] = [['system', t('app.lookSystem')], ['light', t('app.lookLight')], ['dark', t('app.lookDark')]] // prettier-ignore
  return (
    <Menu defaultCheckedValues={{ look: [look()] }} onCheckedValueChange={(_, { checkedItems }) => chooseLook(checkedItems[0] as Look)}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="transparent" icon={<Avatar size={32} aria-hidden />} aria-label={t('app.account', { name })} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem disabled>{address}</MenuItem>
          <MenuDivider />
          {looks.map(([value, text]) => (
            <MenuItemRadio key={value} name="look" value={value}>
              {text}
            </MenuItemRadio>
          ))}
          <MenuDivider />
          <MenuItem onClick={() => location.assign('/account/security')}>{t('app.security')}</MenuItem>
          <MenuItem onClick={() => location.assign('/oauth2/session/end')}>{t('app.signOut')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}

/** Shown where nothing is. */
export function Lost() {
  const { t } = useTexts()
  return <Text as="p">{t('app.lost')}</Text>
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('online', changed)
      window.addEventListener('offline', changed)
      return () => {
        window.removeEventListener('online', changed)
        window.removeEventListener('offline', changed)
      }
    },
    () => navigator.onLine,
  )
}

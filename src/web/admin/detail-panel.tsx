import { Button, DrawerBody, DrawerFooter, DrawerHeader, DrawerHeaderTitle, makeStyles, MessageBar, MessageBarBody, OverlayDrawer, SearchBox, Spinner, tokens } from '@fluentui/react-components' // prettier-ignore
import { DismissRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTexts } from '../app/texts.ts'
import { invoke, type CmdletDescription, type Given, type Parameters } from './cmdlets.ts'
import { commandText } from './command.ts'
import { PropertyList } from './property-list.tsx'
import { ShownCommand } from './shown-command.tsx'
import { propertiesOf } from './values.ts'

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  search: { marginBlockEnd: tokens.spacingVerticalM, maxWidth: 'none' },
})

export interface Detail {
  title: string
  /** As the list gave it. */
  object: Given
  /** What gives all of it; absent = what the list gave is all. */
  cmdlet?: CmdletDescription
  parameters: Parameters
}

/** All properties of one object; `actions` stand below, and get it as it is. */
export function DetailPanel({ detail, actions, onClose }: { detail: Detail; actions: (object: Given) => ReactNode; onClose: () => void }) {
  const { title, object, cmdlet, parameters } = detail
  const styles = useStyles()
  const { t } = useTexts()
  const [wanted, setWanted] = useState('')
  const { data, error, isLoading } = useQuery({
    queryKey: ['admin', 'detail', cmdlet?.name, parameters],
    queryFn: ({ signal }) => invoke(cmdlet?.name ?? '', parameters, { signal }),
    enabled: cmdlet !== undefined,
    staleTime: 0,
  })
  const whole = data?.objects[0] ?? object
  const names = propertiesOf(whole).filter((name) => name.toLowerCase().includes(wanted.trim().toLowerCase()))
  const shown = Object.fromEntries(names.flatMap((name) => [[name, whole[name]], [`${name}@data.type`, whole[`${name}@data.type`]]])) // prettier-ignore
  return (
    <OverlayDrawer open position="end" size="medium" onOpenChange={(_, { open }) => !open && onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle action={<Button appearance="subtle" aria-label={t('admin.close')} icon={<DismissRegular />} onClick={onClose} />}>
          {title}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        {error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
        {isLoading && <Spinner size="tiny" label={t('app.loading')} />}
        <SearchBox className={styles.search} aria-label={t('admin.findProperty')} placeholder={t('admin.findProperty')} value={wanted} onChange={(_, { value }) => setWanted(value)} />
        <PropertyList object={shown} words={{ yes: t('admin.yes'), no: t('admin.no') }} />
      </DrawerBody>
      {cmdlet && <ShownCommand text={commandText(cmdlet.name, parameters, cmdlet)} />}
      <DrawerFooter className={styles.actions}>{actions(whole)}</DrawerFooter>
    </OverlayDrawer>
  ) // prettier-ignore
}

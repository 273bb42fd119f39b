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
  id: string
  /** As the list gave it; absent = it is not in the list. */
  object?: Given
  /** What gives all of it; absent = what the list gave is all. */
  cmdlet?: CmdletDescription
  parameters: Parameters
}

interface DetailPanelProps {
  detail: Detail
  /** The list is there: what is not in it, and cannot be asked for, is unknown. */
  isListed: boolean
  actions: (object: Given) => ReactNode
  onClose: () => void
}

/** All properties of one object; `actions` stand below, and get it as it is. */
export function DetailPanel({ detail, isListed, actions, onClose }: DetailPanelProps) {
  const { id, object, cmdlet, parameters } = detail
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error, isLoading } = useQuery({
    queryKey: ['admin', 'detail', cmdlet?.name, parameters],
    queryFn: ({ signal }) => invoke(cmdlet?.name ?? '', parameters, { signal }),
    enabled: cmdlet !== undefined,
    staleTime: 0,
  })
  const whole = data?.objects[0] ?? object
  const isUnknown = whole === undefined && !error && isListed && !isLoading
  const title = [whole?.DisplayName, whole?.Name].find((name): name is string => typeof name === 'string' && name !== '') ?? id
  return (
    <OverlayDrawer open position="end" size="medium" onOpenChange={(_, { open }) => !open && onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle action={<Button appearance="subtle" aria-label={t('admin.close')} icon={<DismissRegular />} onClick={onClose} />}>
          {title}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        {error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
        {isUnknown && <MessageBar intent="error" layout="multiline"><MessageBarBody>{t('admin.unknown', { name: id })}</MessageBarBody></MessageBar>}
        {whole === undefined && !error && !isUnknown && <Spinner size="tiny" label={t('app.loading')} />}
        {whole && <Properties object={whole} />}
      </DrawerBody>
      {cmdlet && <ShownCommand text={commandText(cmdlet.name, parameters, cmdlet)} />}
      {whole && <DrawerFooter className={styles.actions}>{actions(whole)}</DrawerFooter>}
    </OverlayDrawer>
  ) // prettier-ignore
}

function Properties({ object }: { object: Given }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [wanted, setWanted] = useState('')
  const names = propertiesOf(object).filter((name) => name.toLowerCase().includes(wanted.trim().toLowerCase()))
  const shown = Object.fromEntries(names.flatMap((name) => [[name, object[name]], [`${name}@data.type`, object[`${name}@data.type`]]])) // prettier-ignore
  return (
    <>
      <SearchBox className={styles.search} aria-label={t('admin.findProperty')} placeholder={t('admin.findProperty')} value={wanted} onChange={(_, { value }) => setWanted(value)} />
      <PropertyList object={shown} words={{ yes: t('admin.yes'), no: t('admin.no') }} />
    </>
  ) // prettier-ignore
}

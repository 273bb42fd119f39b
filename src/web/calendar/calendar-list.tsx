import { Button, Checkbox, Input, makeStyles, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components' // prettier-ignore
import { MoreHorizontalRegular } from '@fluentui/react-icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { Colour } from './calendar-grid.tsx'
import { PeoplePicker } from './people-picker.tsx'
import { PermissionsDialog } from './permissions-dialog.tsx'

export interface ListedCalendar {
  key: string
  name: string
  folder?: { mailbox: string; id: number }
  isDefault?: boolean
  /** Of somebody else. */
  address?: string
  colour: Colour
  /** Why nothing of it is shown. */
  refused?: string
}

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalS, overflowY: 'auto' },
  row: { display: 'flex', alignItems: 'center' },
  dot: { width: '12px', height: '12px', borderRadius: '50%', flexShrink: 0 },
  name: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
})

/** The calendars that can be shown beside each other, each in its colour. */
export function CalendarList({
  calendars,
  hidden,
  onToggle,
  onDate,
}: {
  calendars: ListedCalendar[]
  hidden: ReadonlySet<string>
  onToggle: (key: string) => void
  onDate: (date: string) => void
}) {
  // prettier-ignore
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const show = useMutation({
    mutationFn: (input: { address: string; isShown: boolean }) => ask('showCalendar', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['calendar'] }),
  })
  return (
    <aside className={styles.list} aria-label={t('calendar.calendars')}>
      <Input type="date" aria-label={t('calendar.goTo')} onChange={(_, { value }) => value && onDate(value)} />
      <Text as="h2" weight="semibold">{t('calendar.calendars')}</Text>
      {calendars.map((calendar) => (
        <div key={calendar.key} className={styles.row}>
          <span className={styles.dot} style={{ backgroundColor: calendar.colour.back }} />
          <Checkbox className={styles.name} label={calendar.name} checked={!hidden.has(calendar.key)} onChange={() => onToggle(calendar.key)} />
          {(calendar.folder ?? calendar.address) && <CalendarMenu calendar={calendar} onRemove={(address) => show.mutate({ address, isShown: false })} />}
        </div>
      ))}
      {calendars.filter(({ refused }) => refused).map(({ key, name, refused }) => <Text key={key} size={200} role="status">{`${name}: ${refused}`}</Text>)}
      <PeoplePicker label={t('calendar.addCalendar')} people={[]} onChange={([person]) => person && show.mutate({ address: person.address, isShown: true })} />
      {show.error && <MessageBar intent="error"><MessageBarBody>{show.error.message}</MessageBarBody></MessageBar>}
    </aside>
  ) // prettier-ignore
}

const mostLetters = 10_000_000

function CalendarMenu({
  calendar: { folder, address, name, isDefault = false },
  onRemove,
}: {
  calendar: ListedCalendar
  onRemove: (address: string) => void
}) {
  // prettier-ignore
  const { t } = useTexts()
  const queries = useQueryClient()
  const [shares, setShares] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const read = useMutation({
    mutationFn: async (chosen: File) => {
      if (chosen.size > mostLetters) throw new Error(t('calendar.tooBig'))
      return ask('importCalendar', { folder: folder!, text: await chosen.text() })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['calendar'] }),
  })
  const said = read.error?.message ?? (read.data && t('calendar.imported', { taken: read.data.taken, refused: read.data.refused }))
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" size="small" icon={<MoreHorizontalRegular />} aria-label={t('calendar.more', { name })} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {folder && !address && <MenuItem onClick={() => setShares(true)}>{t('calendar.permissions')}</MenuItem>}
            {folder && <MenuItem onClick={() => location.assign(`/owa/calendar-file/${encodeURIComponent(folder.mailbox)}/${folder.id}`)}>{t('calendar.export')}</MenuItem>}
            {folder && <MenuItem onClick={() => file.current?.click()}>{t('calendar.import')}</MenuItem>}
            {address && <MenuItem onClick={() => onRemove(address)}>{t('calendar.remove')}</MenuItem>}
          </MenuList>
        </MenuPopover>
      </Menu>
      <input ref={file} type="file" accept=".ics,text/calendar" hidden aria-label={t('calendar.import')} onChange={({ target }) => { const [chosen] = target.files ?? []; if (chosen) read.mutate(chosen); target.value = '' }} />
      <span role="status">{said && <Text size={200}>{said}</Text>}</span>
      {shares && folder && <PermissionsDialog folder={folder} name={name} isDefault={isDefault} onClose={() => setShares(false)} />}
    </>
  ) // prettier-ignore
}

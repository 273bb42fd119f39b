import { Button, makeStyles, Select, Text, tokens } from '@fluentui/react-components'
import { AddRegular, CalendarMultipleRegular, ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import type { View } from './calendar-grid.tsx'

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS, padding: tokens.spacingHorizontalS },
  calendars: { '@media (min-width: 641px)': { display: 'none' } },
  title: { flexGrow: 1, fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase400 },
})
export const views = { timeGridDay: 'calendar.day', workWeek: 'calendar.workWeek', timeGridWeek: 'calendar.week', dayGridMonth: 'calendar.month', agenda: 'calendar.agenda' } as const // prettier-ignore

interface Steps {
  onNew: () => void
  onToday: () => void
  onBefore: () => void
  onAfter: () => void
  onView: (view: View) => void
  /** On phones, where they are not beside. */
  onCalendars: () => void
}

/** New, today, before, after, and how much is shown at once. */
export function Toolbar({ title, view, onNew, onToday, onBefore, onAfter, onView, onCalendars }: { title: string; view: View } & Steps) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('calendar.title')}>
      <Button appearance="primary" icon={<AddRegular />} onClick={onNew}>{t('calendar.newEvent')}</Button>
      <Button onClick={onToday}>{t('calendar.today')}</Button>
      <Button appearance="subtle" icon={<ChevronLeftRegular className="calendar-step" />} aria-label={t('calendar.before')} onClick={onBefore} />
      <Button appearance="subtle" icon={<ChevronRightRegular className="calendar-step" />} aria-label={t('calendar.after')} onClick={onAfter} />
      <Button className={styles.calendars} appearance="subtle" icon={<CalendarMultipleRegular />} aria-label={t('calendar.calendars')} onClick={onCalendars} />
      <Text as="h1" className={styles.title} role="heading" aria-live="polite">{title}</Text>
      <Select aria-label={t('calendar.view')} value={view} onChange={(_, { value }) => onView(value as View)}>
        {Object.entries(views).map(([name, text]) => <option key={name} value={name}>{t(text)}</option>)}
      </Select>
    </div>
  ) // prettier-ignore
}

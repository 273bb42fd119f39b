import { Button, Checkbox, Field, Input, makeStyles, Select, Spinner, tokens } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import { useEdits } from './edits.ts'
import { useOwnSettings, useSaving, type Settings } from './own-settings.tsx'
import { Saved } from './saved.tsx'

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
type Day = (typeof days)[number]
/** Words of the cmdlet for several days. */
const several: Readonly<Record<string, readonly Day[]>> = {
  AllDays: days,
  Weekdays: days.slice(0, 5),
  WeekEndDays: days.slice(5),
  None: [],
}

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '480px' },
  days: { border: 'none', margin: 0, padding: 0, minWidth: 0, display: 'flex', flexWrap: 'wrap' },
  row: { display: 'flex', gap: tokens.spacingHorizontalM, flexWrap: 'wrap' },
  save: { alignSelf: 'flex-start' },
})

/** When somebody works, which others see when they look for a time. */
export function WorkingHours({ timeZones }: { timeZones: readonly string[] }) {
  const { t } = useTexts()
  const { data, error } = useOwnSettings('calendar')
  if (!data) return error ? <Saved isDone={false} error={error} /> : <Spinner label={t('app.loading')} />
  return <HoursForm now={data.settings} timeZones={timeZones} />
}

function HoursForm({ now, timeZones }: { now: Settings; timeZones: readonly string[] }) {
  const styles = useStyles()
  const { t } = useTexts()
  const save = useSaving('calendar')
  const { form, changed, set, forget } = useEdits({
    worked: several[String(now.WorkDays)] ?? days.filter((day) => String(now.WorkDays).includes(day)),
    WorkingHoursStartTime: String(now.WorkingHoursStartTime),
    WorkingHoursEndTime: String(now.WorkingHoursEndTime),
    WorkingHoursTimeZone: String(now.WorkingHoursTimeZone),
  })
  const { worked, WorkingHoursStartTime: start, WorkingHoursEndTime: end, WorkingHoursTimeZone: zone } = form
  const submit = () => {
    const { worked: chosen, ...times } = changed
    const settings = { ...times, ...(chosen ? { WorkDays: chosen.length === 0 ? ['None'] : [...chosen] } : {}) }
    save.mutate(settings, { onSuccess: () => forget(changed) })
  }
  return (
    <form className={styles.form} aria-label={t('settings.calendar')} onSubmit={(event) => { event.preventDefault(); submit() }}>
      <fieldset className={styles.days}>
        <legend>{t('settings.WorkDays')}</legend>
        {days.map((day) => <Checkbox key={day} label={t(`settings.${day}`)} checked={worked.includes(day)} onChange={(_, { checked }) => set({ worked: days.filter((one) => (one === day ? checked === true : worked.includes(one))) })} />)}
      </fieldset>
      <div className={styles.row}>
        <Field label={t('settings.WorkingHoursStartTime')} required><Input type="time" value={start} onChange={(_, { value }) => set({ WorkingHoursStartTime: value })} /></Field>
        <Field label={t('settings.WorkingHoursEndTime')} required><Input type="time" value={end} onChange={(_, { value }) => set({ WorkingHoursEndTime: value })} /></Field>
      </div>
      <Field label={t('settings.WorkingHoursTimeZone')}>
        <Select value={zone} onChange={(_, { value }) => set({ WorkingHoursTimeZone: value })}>{(timeZones.includes(zone) ? timeZones : [zone, ...timeZones]).map((name) => <option key={name} value={name}>{name}</option>)}</Select>
      </Field>
      <Button className={styles.save} appearance="primary" type="submit" disabled={!start || !end || save.isPending}>{t('options.save')}</Button>
      <Saved isDone={save.isSuccess} error={save.error} />
    </form>
  )
} // prettier-ignore

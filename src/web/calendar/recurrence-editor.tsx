import { Checkbox, Field, Input, makeStyles, Select, SpinButton, Text, tokens } from '@fluentui/react-components'
import { useTexts, type TextName } from '../app/texts.ts'
import { dayNames, monthName, parse, dateOf, later } from './clock.ts'
import type { Recurrence } from './draft.ts'
import { dayWord, indexWord, recurrenceText, weekdays } from './recurrence-text.ts'

type Pattern = Recurrence['pattern']
type Range = Recurrence['range']
const indexes = ['First', 'Second', 'Third', 'Fourth', 'Last'] as const
const relativeDays = ['Day', 'Weekday', 'WeekendDay', ...weekdays] as const
const kinds: [Pattern['type'] | 'Never', TextName][] = [
  ['Never', 'calendar.never'],
  ['Daily', 'calendar.daily'],
  ['Weekly', 'calendar.weekly'],
  ['AbsoluteMonthly', 'calendar.monthly'],
  ['RelativeMonthly', 'calendar.monthlyOn'],
  ['AbsoluteYearly', 'calendar.yearly'],
  ['RelativeYearly', 'calendar.yearlyOn'],
]

const useStyles = makeStyles({
  part: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'end' },
  days: { display: 'flex', flexWrap: 'wrap' },
  narrow: { minWidth: '110px', maxWidth: '180px' },
})

/** How an appointment repeats, as all of Exchange's patterns can say it. */
export function RecurrenceEditor({
  value,
  start,
  onChange,
}: {
  value: Recurrence | null
  start: string
  onChange: (value: Recurrence | null) => void
}) {
  // prettier-ignore
  const styles = useStyles()
  const { t } = useTexts()
  const kind = value?.pattern.type ?? 'Never'
  const choose = (type: Pattern['type'] | 'Never') =>
    onChange(type === 'Never' ? null : { pattern: usual(type, start), range: value?.range ?? { type: 'NoEnd', start: dateOf(start) } })
  return (
    <>
      <div className={styles.part}>
        <Choice label={t('calendar.repeat')} values={kinds.map(([name]) => name)} value={kind} text={(one) => t(kinds.find(([name]) => name === one)![1])} onChange={choose} />
        {value && <PatternFields pattern={value.pattern} onChange={(pattern) => onChange({ ...value, pattern })} />}
      </div>
      {value && <RangeFields range={value.range} start={start} onChange={(range) => onChange({ ...value, range })} />}
      {value && <Text role="status" size={200}>{recurrenceText(value, t)}</Text>}
    </>
  ) // prettier-ignore
}

/** The pattern that is meant most often: as the start is. */
function usual(type: Pattern['type'], start: string): Pattern {
  const date = new Date(parse(start))
  const day = weekdays[date.getUTCDay()]!
  const index = indexes[Math.min(4, Math.floor((date.getUTCDate() - 1) / 7))]!
  const [dayOfMonth, month] = [date.getUTCDate(), date.getUTCMonth() + 1]
  switch (type) {
    case 'Daily':
      return { type, interval: 1 }
    case 'Weekly':
      return { type, interval: 1, days: [day], firstDayOfWeek: 'Monday' }
    case 'AbsoluteMonthly':
      return { type, interval: 1, dayOfMonth }
    case 'RelativeMonthly':
      return { type, interval: 1, day, index }
    case 'AbsoluteYearly':
      return { type, month, dayOfMonth }
    case 'RelativeYearly':
      return { type, month, day, index }
  }
}

function PatternFields({ pattern, onChange }: { pattern: Pattern; onChange: (pattern: Pattern) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <>
      {'interval' in pattern && <Count label={t(pattern.type === 'Daily' ? 'calendar.everyDays' : pattern.type === 'Weekly' ? 'calendar.everyWeeks' : 'calendar.everyMonths')} value={pattern.interval} most={999} onChange={(interval) => onChange({ ...pattern, interval })} />}
      {pattern.type === 'Weekly' && (
        <div className={styles.days} role="group" aria-label={t('calendar.onDays')}>
          {dayNames('short').map((name, at) => {
            const day = weekdays[at]!
            const days = pattern.days.includes(day) ? pattern.days.filter((one) => one !== day) : [...pattern.days, day]
            return <Checkbox key={day} label={name} checked={pattern.days.includes(day)} onChange={() => days.length > 0 && onChange({ ...pattern, days })} />
          })}
        </div>
      )}
      {'index' in pattern && (
        <>
          <Choice label={t('calendar.which')} values={indexes} value={pattern.index} text={(one) => indexWord(one, t)} onChange={(index) => onChange({ ...pattern, index })} />
          <Choice label={t('calendar.weekday')} values={relativeDays} value={pattern.day} text={(one) => dayWord(one, t)} onChange={(day) => onChange({ ...pattern, day })} />
        </>
      )}
      {'dayOfMonth' in pattern && <Count label={t('calendar.dayOfMonth')} value={pattern.dayOfMonth} most={31} onChange={(dayOfMonth) => onChange({ ...pattern, dayOfMonth })} />}
      {'month' in pattern && <Choice label={t('calendar.monthOf')} values={['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']} value={String(pattern.month)} text={(one) => monthName(Number(one))} onChange={(month) => onChange({ ...pattern, month: Number(month) })} />}
    </>
  ) // prettier-ignore
}

function RangeFields({ range, start, onChange }: { range: Range; start: string; onChange: (range: Range) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const names = { NoEnd: t('calendar.noEnd'), EndDate: t('calendar.endsOn'), Numbered: t('calendar.endsAfter') }
  const first = dateOf(start)
  const choose = (type: Range['type']) =>
    onChange(type === 'NoEnd' ? { type, start: first } : type === 'Numbered' ? { type, start: first, count: 10 } : { type, start: first, end: dateOf(later(start, 90 * 1440)) }) // prettier-ignore
  return (
    <div className={styles.part}>
      <Choice label={t('calendar.ends')} values={['NoEnd', 'EndDate', 'Numbered']} value={range.type} text={(one) => names[one]} onChange={choose} />
      {range.type === 'EndDate' && (
        <Field label={t('calendar.lastDay')}>
          <Input type="date" value={range.end} min={first} onChange={(_, { value }) => value && onChange({ ...range, end: value })} />
        </Field>
      )}
      {range.type === 'Numbered' && <Count label={t('calendar.occurrences')} value={range.count} most={999} onChange={(count) => onChange({ ...range, count })} />}
    </div>
  ) // prettier-ignore
}

function Count({ label, value, most, onChange }: { label: string; value: number; most: number; onChange: (value: number) => void }) {
  const styles = useStyles()
  return (
    <Field label={label} className={styles.narrow}>
      <SpinButton
        value={value}
        min={1}
        max={most}
        onChange={(_, { value, displayValue }) => {
          const wanted = value ?? Number(displayValue)
          if (Number.isInteger(wanted) && wanted >= 1 && wanted <= most) onChange(wanted)
        }}
      />
    </Field>
  )
}

/** One of a few values, by its words. */
export function Choice<Value extends string>({
  label,
  values,
  value,
  text,
  onChange,
}: {
  label: string
  values: readonly Value[]
  value: Value
  text: (value: Value) => string
  onChange: (value: Value) => void
}) {
  // prettier-ignore
  const styles = useStyles()
  return (
    <Field label={label}>
      <Select className={styles.narrow} value={value} onChange={(_, { value }) => onChange(value as Value)}>
        {values.map((one) => <option key={one} value={one}>{text(one)}</option>)}
      </Select>
    </Field>
  ) // prettier-ignore
}

import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from '@fluentui/react-components'
import { ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useSession } from '../app/session.tsx'
import { culture } from '../app/culture.ts'
import { useTexts } from '../app/texts.ts'
import { BusyStrip } from './busy-strip.tsx'
import { dayText, later, minutesBetween, parse, shortDayText, timeText } from './clock.ts'
import type { Draft } from './draft.ts'
import { TraceDialog } from './trace-dialog.tsx'

type Found = Answer<'findFreeBusy'>
type Type = 'Organizer' | 'Required' | 'Optional' | 'Room'

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalS },
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  scroller: { overflowX: 'auto' },
  table: { width: '100%', minWidth: '640px', borderCollapse: 'collapse', tableLayout: 'fixed' },
  name: { width: '150px', textAlign: 'start', fontWeight: tokens.fontWeightRegular, padding: tokens.spacingVerticalXS, overflow: 'hidden', textOverflow: 'ellipsis' },
  hours: { display: 'flex', fontWeight: tokens.fontWeightRegular, fontSize: tokens.fontSizeBase100, color: tokens.colorNeutralForeground2 },
  hour: { width: 'calc(100% / 24 * 3)', textAlign: 'start' },
  suggestions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
}) // prettier-ignore

/** People by time: who is free when, wherever their mailbox is, and the times that suit all. */
export function Assistant({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const me = useSession()
  const [traced, setTraced] = useState(false)
  const day = `${draft.start.slice(0, 10)}T00:00`
  const duration = Math.min(1440, Math.max(30, Math.ceil(minutesBetween(draft.start, draft.end) / 30) * 30))
  const people: { name: string; address: string; type: Type }[] = [
    { name: me.name, address: me.address, type: 'Organizer' as const },
    ...draft.required.map((one) => ({ ...one, type: 'Required' as const })),
    ...draft.optional.map((one) => ({ ...one, type: 'Optional' as const })),
    ...draft.resources.map((one) => ({ ...one, type: 'Room' as const })),
  ].slice(0, 100)
  const asked = people.map(({ address, type }) => ({ address, type }))
  const { data, error, isPending } = useQuery({
    queryKey: ['calendar', 'freeBusy', asked, day, duration],
    queryFn: ({ signal }) => ask('findFreeBusy', { people: asked, start: day, end: later(day, 2 * 1440), duration }, { signal }),
  })
  const moveTo = (start: string, end = later(start, minutesBetween(draft.start, draft.end))) => change({ start, end })
  return (
    <div className={styles.whole}>
      <div className={styles.bar}>
        <Button icon={<ChevronLeftRegular className="calendar-step" />} aria-label={t('calendar.dayBefore')} onClick={() => moveTo(later(draft.start, -1440))} />
        <Button icon={<ChevronRightRegular className="calendar-step" />} aria-label={t('calendar.dayAfter')} onClick={() => moveTo(later(draft.start, 1440))} />
        <Text weight="semibold" role="status">{`${dayText(draft.start)}, ${timeText(draft.start)}–${timeText(draft.end)}`}</Text>
        {data?.trace && <Button appearance="subtle" onClick={() => setTraced(true)}>{t('calendar.why')}</Button>}
      </div>
      {error && <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
      {isPending && <Spinner label={t('app.loading')} />}
      {data && <Grid people={people} found={data} draft={draft} day={day} />}
      {data && <Suggestions found={data} onChoose={moveTo} />}
      {traced && data?.trace && <TraceDialog id={data.trace} onClose={() => setTraced(false)} />}
    </div>
  ) // prettier-ignore
}

function Grid({ people, found, draft, day }: { people: { name: string; address: string }[]; found: Found; draft: Draft; day: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  const hour = (at: number) => new Intl.DateTimeFormat(culture(), { hour: 'numeric', timeZone: 'UTC' }).format(parse(day) + at * 3_600_000)
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('calendar.whoIsFree')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.name}>{t('calendar.attendees')}</th>
            <th scope="col"><div className={styles.hours}>{[0, 3, 6, 9, 12, 15, 18, 21].map((at) => <span key={at} className={styles.hour}>{hour(at)}</span>)}</div></th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ name, address }, at) => (
            <tr key={address}>
              <th scope="row" className={styles.name} title={address}>{name || address}</th>
              <td><BusyStrip times={found.people[at]} name={name || address} day={day} chosen={draft} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ) // prettier-ignore
}

function Suggestions({ found, onChoose }: { found: Found; onChoose: (start: string, end: string) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <section aria-labelledby="suggested">
      <Text as="h2" id="suggested" weight="semibold">{t('calendar.suggestions')}</Text>
      <div className={styles.suggestions}>
        {found.suggestions.length === 0 && <Text>{t('calendar.noSuggestions')}</Text>}
        {found.suggestions.slice(0, 12).map(({ start, end, free, of }) => (
          <Button key={start} size="small" onClick={() => onChoose(start, end)}>
            {`${shortDayText(start)}, ${timeText(start)} · ${t('calendar.freeOf', { free, of })}`}
          </Button>
        ))}
      </div>
    </section>
  ) // prettier-ignore
}

import { makeStyles, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components'
import { useCalendarController } from '@fullcalendar/react'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ask, type Answer, type Question } from '../app/api.ts'
import { AskFirst } from '../app/ask-first.tsx'
import { DialogFrame } from '../app/dialog.tsx'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { AddCalendar } from './add-calendar.tsx'
import { CalendarGrid, type Placed, type ShownEvent, type Times, type View } from './calendar-grid.tsx'
import { CalendarList, type ListedCalendar } from './calendar-list.tsx'
import { later, nowIn } from './clock.ts'
import { birthdayColour, colourOf, freeColour } from './colours.ts'
import { newDraft, type Draft, type ItemRef } from './draft.ts'
import { EventCard } from './event-card.tsx'
import { EventForm } from './event-form.tsx'
import { Toolbar, views } from './toolbar.tsx'

const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateColumns: '240px minmax(0, 1fr)', height: '100%', minHeight: 0, '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'minmax(0, 1fr)' } },
  side: { display: 'flex', minHeight: 0, borderInlineEndWidth: '1px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorNeutralStroke2, overflow: 'hidden auto', '@media (max-width: 640px)': { display: 'none' } },
  main: { display: 'grid', gridTemplateRows: 'auto auto minmax(0, 1fr)', minHeight: 0 },
}) // prettier-ignore

/** Until it is known. */
const usualWeek = { works: [1, 2, 3, 4, 5] }
const viewKept = 'isthmus.calendar.view'
const isPhone = () => matchMedia('(max-width: 640px)').matches
function firstView(): View {
  const kept = localStorage.getItem(viewKept)
  return kept && Object.hasOwn(views, kept) ? (kept as View) : isPhone() ? 'agenda' : 'workWeek'
}

/** `/owa/calendar`: the own calendars and those of others, by day, week or month. */
export default function Calendar() {
  const styles = useStyles()
  const { t } = useTexts()
  const [place, shared] = useRest()
  const go = useGo()
  const controller = useCalendarController()
  const [view, setView] = useState(firstView)
  const [range, setRange] = useState<{ start: string; end: string }>()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [draft, setDraft] = useState<Draft>()
  const [isListed, setListed] = useState(false)
  const [opened, setOpened] = useState<ItemRef>()
  const { calendars, placed, cut, zone, week } = useEvents(range, hidden)
  const { moving, move, answer, error } = useMoves()
  const showView = (view: View) => {
    localStorage.setItem(viewKept, view)
    setView(view)
    controller.changeView(view)
  }
  const toggle = (key: string) => setHidden((current) => (current.has(key) ? new Set([...current].filter((one) => one !== key)) : new Set([...current, key]))) // prettier-ignore
  const create = (times?: Times) => {
    const hour = `${nowIn(zone).slice(0, 13)}:00`
    setDraft(newDraft(times ?? { start: later(hour, 60), end: later(hour, 90), isAllDay: false }))
  }
  const list = <CalendarList calendars={calendars} hidden={hidden} onToggle={toggle} onDate={(date) => controller.gotoDate(date)} />
  return (
    <div className={styles.whole}>
      <div className={styles.side}>
        {list}
      </div>
      <div className={styles.main}>
        <Toolbar title={controller.view?.title ?? ''} view={view} onNew={() => create()} onToday={() => controller.today()} onBefore={() => controller.prev()} onAfter={() => controller.next()} onView={showView} onCalendars={() => setListed(true)} />
        <div role="status">
          {cut && <MessageBar intent="warning"><MessageBarBody>{t('calendar.cut')}</MessageBarBody></MessageBar>}
          {error && <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
        </div>
        <CalendarGrid controller={controller} view={view} zone={zone} week={week} placed={placed} onRange={(next) => setRange((current) => (current?.start === next.start && current.end === next.end ? current : next))} onSelect={create} onOpen={({ ref }) => ref && setOpened(ref)} onMove={move} />
      </div>
      {isListed && <DialogFrame title={t('calendar.calendars')} closeText={t('calendar.close')} onClose={() => setListed(false)}>{list}</DialogFrame>}
      {place === 'add' && shared && <AddCalendar address={shared} onDone={() => go('/owa/calendar', { replace: true })} />}
      <AskFirst open={moving !== undefined} texts={{ title: t('calendar.moveTitle'), text: t('calendar.moveHint'), yes: t('calendar.sendUpdate'), no: t('calendar.putBack') }} onYes={() => answer(true)} onClose={() => answer(false)} />
      {opened && <EventCard item={opened} onClose={() => setOpened(undefined)} onEdit={(found) => { setOpened(undefined); setDraft(found) }} />}
      {draft && <EventForm draft={draft} onClose={() => setDraft(undefined)} />}
    </div>
  ) // prettier-ignore
}

type Calendars = Answer<'findCalendars'>
type Asked = Question<'findEvents'>['calendars'][number]

function listed({ own, others }: Calendars, birthdays: string): ListedCalendar[] {
  const all = [
    ...own.map(({ folder, name, isDefault }) => ({ key: `folder${folder.id}`, name, folder, isDefault })),
    ...others.map(({ address, name, folder }) => ({ key: address, name, address, ...(folder ? { folder } : {}) })),
  ]
  const coloured = all.slice(0, 20).map((one, at) => ({ ...one, colour: colourOf(at) }))
  return [...coloured, { key: 'birthdays', name: birthdays, colour: birthdayColour }]
}

/** The calendars, and what is in those that are shown. */
function useEvents(range: { start: string; end: string } | undefined, hidden: ReadonlySet<string>) {
  const { t } = useTexts()
  const { data } = useQuery({ queryKey: ['calendar', 'calendars'], queryFn: ({ signal }) => ask('findCalendars', {}, { signal }) })
  const calendars = data ? listed(data, t('calendar.birthdays')) : []
  const shown = calendars.filter(({ key }) => !hidden.has(key))
  const asked = shown.flatMap<Asked>(({ folder, address }) => [folder ? { folder } : address ? { address } : { birthdays: true }])
  const { data: found } = useQuery({
    queryKey: ['calendar', 'events', asked, range],
    queryFn: ({ signal }) => ask('findEvents', { calendars: asked, ...range! }, { signal }),
    enabled: range !== undefined && asked.length > 0,
    placeholderData: keepPreviousData,
  })
  const answers = asked.length > 0 && found?.calendars.length === asked.length ? found.calendars : []
  const colours = shown.map(({ colour }) => colour.back).join()
  const placed = useMemo(
    () =>
      answers.flatMap(({ events }, at) =>
        events.map((event): Placed => ({ event, colour: event.busy === 'Free' && !event.birthday ? freeColour : shown[at]!.colour })),
      ),
    // What was found stays the same thing until something else is found.
    [found, colours],
  )
  const refused = new Map(answers.flatMap(({ refused }, at) => (refused ? [[shown[at]!.key, refused] as const] : [])))
  const told = calendars.map((one) => ({ ...one, ...(refused.has(one.key) ? { refused: refused.get(one.key)! } : {}) }))
  return { calendars: told, placed, cut: answers.some(({ isCut }) => isCut), zone: data?.zone.iana, week: data?.week ?? usualWeek }
}

interface Move {
  event: ShownEvent
  times: Times
  revert: () => void
}

/** Appointments that were dragged: meetings after a question, the others at once. */
function useMoves() {
  const queries = useQueryClient()
  const [moving, setMoving] = useState<Move>()
  const { mutate, error } = useMutation({
    mutationFn: ({ event, times, send }: Move & { send: boolean }) => ask('saveEvent', { item: event.ref!, values: { times }, send }),
    onError: (_, { revert }) => revert(),
    onSettled: () => queries.invalidateQueries({ queryKey: ['calendar'] }),
  })
  const move = (event: ShownEvent, times: Times, revert: () => void) =>
    event.isMeeting ? setMoving({ event, times, revert }) : mutate({ event, times, revert, send: false })
  const answer = (send: boolean) => {
    if (!moving) return
    setMoving(undefined)
    if (send) mutate({ ...moving, send })
    else moving.revert()
  }
  return { moving, move, answer, error }
}

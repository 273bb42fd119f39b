import FullCalendar from '@fullcalendar/react'
import dayGrid from '@fullcalendar/react/daygrid'
import interaction from '@fullcalendar/react/interaction'
import list from '@fullcalendar/react/list'
import de from '@fullcalendar/react/locales/de'
import fr from '@fullcalendar/react/locales/fr'
import forma from '@fullcalendar/react/themes/forma'
import timeGrid from '@fullcalendar/react/timegrid'
import type { CalendarController, EventApi, EventInput } from '@fullcalendar/react/public-api'
import '@fullcalendar/react/skeleton.css'
import '@fullcalendar/react/themes/forma/theme.css'
import './calendar.css'
import { useCallback, useMemo, useRef } from 'react'
import type { Answer } from '../app/api.ts'
import { culture } from '../app/culture.ts'
import { useTexts } from '../app/texts.ts'
import { busyTexts } from './busy-texts.ts'
import { firstDayOfWeek, nowIn } from './clock.ts'

export type ShownEvent = Answer<'findEvents'>['calendars'][number]['events'][number]
export type Week = Answer<'findCalendars'>['week']
export interface Colour {
  back: string
  front: string
}
export interface Placed {
  event: ShownEvent
  colour: Colour
}
export interface Times {
  start: string
  end: string
  isAllDay: boolean
}
export type View = 'timeGridDay' | 'workWeek' | 'timeGridWeek' | 'dayGridMonth' | 'agenda'

export interface GridEvents {
  onRange: (range: { start: string; end: string }) => void
  onSelect: (times: Times) => void
  onOpen: (event: ShownEvent) => void
  /** The appointment lies elsewhere; `revert` puts it back on the page. */
  onMove: (event: ShownEvent, times: Times, revert: () => void) => void
}

// What FullCalendar is given stays the same thing: it begins anew with every other one.
const plugins = [dayGrid, timeGrid, list, interaction, forma]
const locales = [de, fr]
const waysOf = (works: readonly number[]) => ({
  workWeek: { type: 'timeGridWeek', hiddenDays: [0, 1, 2, 3, 4, 5, 6].filter((day) => works.length > 0 && !works.includes(day)) },
  agenda: { type: 'list', duration: { days: 30 } },
})

const clock = (text: string) => (text.length === 10 ? `${text}T00:00` : text.slice(0, 16))
const timesOf = (one: Pick<EventApi, 'startStr' | 'endStr' | 'allDay'>): Times => ({
  start: clock(one.startStr),
  end: clock(one.endStr || one.startStr),
  isAllDay: one.allDay,
})
type Kept = { shown: ShownEvent }
const shownIn = (event: EventApi): ShownEvent => (event.extendedProps as Kept).shown

/** Days, weeks and months with what is in them, all by the clock of the mailbox. */
export function CalendarGrid({
  controller,
  view,
  zone,
  week,
  placed,
  onRange,
  onSelect,
  onOpen,
  onMove,
}: { controller: CalendarController; view: View; zone: string | undefined; week: Week; placed: Placed[] } & GridEvents) {
  // prettier-ignore
  const { t } = useTexts()
  const now = useCallback(() => `${nowIn(zone)}:00`, [zone])
  const ways = useMemo(() => waysOf(week.works), [week.works.join()])
  const events = useMemo(() => placed.map((one, at) => inputOf(one, at, titleOf(one.event, t))), [placed])
  const grid = useRef<HTMLDivElement>(null)
  return (
    <div className="calendar-grid" ref={grid}>
      <FullCalendar
        plugins={plugins}
        controller={controller}
        initialView={view}
        views={ways}
        firstDay={week.first ?? firstDayOfWeek()}
        headerToolbar={false}
        height="100%"
        timeZone="UTC"
        now={now}
        locales={locales}
        locale={culture()}
        direction={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}
        nowIndicator
        selectable
        selectMirror
        editable
        eventInteractive
        dayMaxEvents
        eventClass="calendar-event"
        navLinks={false}
        scrollTime="07:30:00"
        allDayText={t('calendar.allDay')}
        events={events}
        datesSet={({ startStr, endStr }) => {
          requestAnimationFrame(() => scrollByKeys(grid.current))
          onRange({ start: clock(startStr), end: clock(endStr) })
        }}
        select={(span) => onSelect(timesOf(span))}
        eventClick={({ event, jsEvent }) => {
          jsEvent.preventDefault()
          onOpen(shownIn(event))
        }}
        eventDrop={({ event, revert }) => onMove(shownIn(event), timesOf(event), revert)}
        eventResize={({ event, revert }) => onMove(shownIn(event), timesOf(event), revert)}
      />
    </div>
  )
}

/**
 * What scrolls is reached by the tabulator even where nothing that is in it would be (WCAG 2.2 2.1.1): by its first cell, since a table has
 * nothing else in it that could be.
 */
function scrollByKeys(grid: HTMLElement | null): void {
  for (const one of grid?.querySelectorAll<HTMLElement>('div') ?? []) {
    const scrolls = one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY)
    const first = scrolls ? (one.querySelector<HTMLElement>('[role=cell], [role=gridcell], [role=rowheader]') ?? one) : undefined
    if (first) first.tabIndex = 0
  }
}

/** What it is and where; of a birthday, whose it is and how old they become. */
function titleOf({ ref, subject, busy, location, birthday }: ShownEvent, t: ReturnType<typeof useTexts>['t']): string {
  if (birthday)
    return birthday.age ? t('calendar.birthdayAge', { name: subject, age: birthday.age }) : t('calendar.birthdayOf', { name: subject })
  return [subject || t(ref ? 'calendar.noSubject' : busyTexts[busy]), location].filter(Boolean).join(' · ')
}

function inputOf({ event, colour }: Placed, at: number, title: string): EventInput {
  const isMovable = event.mayModify && (!event.isMeeting || event.isOrganizer)
  const whole = event.isAllDay
  return {
    id: event.ref ? `${event.ref.mailbox}.${event.ref.id}.${event.ref.occurrence ?? ''}` : `busy${at}`,
    title,
    start: whole ? event.start.slice(0, 10) : event.start,
    end: whole ? event.end.slice(0, 10) : event.end,
    allDay: whole,
    startEditable: isMovable,
    durationEditable: isMovable,
    color: colour.back,
    contrastColor: colour.front,
    extendedProps: { shown: event } satisfies Kept,
  }
}

import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import type { Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { minutesBetween, timeText } from './clock.ts'
import { busyTexts } from './busy-texts.ts'

type Times = Answer<'findFreeBusy'>['people'][number]

const stripes = (colour: string) => `repeating-linear-gradient(45deg, ${colour} 0 3px, transparent 3px 7px)`
const useStyles = makeStyles({
  strip: { position: 'relative', height: '28px', backgroundColor: tokens.colorNeutralBackground1, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflow: 'hidden' },
  off: { position: 'absolute', insetBlock: 0, backgroundColor: tokens.colorNeutralBackground3 },
  time: { position: 'absolute', insetBlock: '3px', borderRadius: tokens.borderRadiusSmall, boxSizing: 'border-box', border: `1px solid ${tokens.colorBrandStroke1}` },
  Busy: { backgroundColor: tokens.colorBrandBackground },
  Tentative: { backgroundImage: stripes(tokens.colorBrandStroke1) },
  OOF: { backgroundColor: tokens.colorPaletteBerryBackground3 },
  WorkingElsewhere: { backgroundImage: stripes(tokens.colorNeutralStroke1) },
  Free: { display: 'none' },
  NoData: { backgroundImage: stripes(tokens.colorNeutralStroke1) },
  chosen: { position: 'absolute', insetBlock: 0, borderInlineStartWidth: '2px', borderInlineStartStyle: 'solid', borderInlineStartColor: tokens.colorPaletteGreenBorderActive, borderInlineEndWidth: '2px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorPaletteGreenBorderActive, backgroundColor: 'color-mix(in srgb, #0b6a0b 14%, transparent)' },
}) // prettier-ignore

const dayLength = 1440
const percent = (minutes: number) => `${(Math.min(dayLength, Math.max(0, minutes)) / dayLength) * 100}%`

/** One person's day: when they do not work, when they are taken, and the time chosen. */
export function BusyStrip({
  times,
  name,
  day,
  chosen,
}: {
  times: Times | undefined
  name: string
  day: string
  chosen: { start: string; end: string }
}) {
  // prettier-ignore
  const styles = useStyles()
  const { t } = useTexts()
  const place = (start: string, end: string) => {
    const [from, to] = [Math.max(0, minutesBetween(day, start)), Math.min(dayLength, minutesBetween(day, end))]
    return { insetInlineStart: percent(from), width: percent(to - from) }
  }
  if (!times || times.refused) {
    const said = t('calendar.nothingKnown', { name })
    return <div className={mergeClasses(styles.strip, styles.NoData)} role="img" aria-label={said} title={times?.refused ?? said} /> // prettier-ignore
  }
  const today = times.events.filter(({ start, end, busy }) => busy !== 'Free' && minutesBetween(day, end) > 0 && minutesBetween(day, start) < dayLength) // prettier-ignore
  const words = today.map(({ start, end, busy, subject }) => `${t(busyTexts[busy])} ${timeText(start)}–${timeText(end)}${subject ? `: ${subject}` : ''}`) // prettier-ignore
  return (
    <div className={styles.strip} role="img" aria-label={`${name}: ${words.length > 0 ? words.join('; ') : t('calendar.freeAllDay')}`}>
      {offTimes(times.works ?? '').map(({ from, length }) => <span key={`off${from}`} className={styles.off} style={{ insetInlineStart: percent(from), width: percent(length) }} />)}
      {today.map(({ start, end, busy }, at) => <span key={`${start}${at}`} className={mergeClasses(styles.time, styles[busy])} style={place(start, end)} title={words[at]} />)}
      <span className={styles.chosen} style={place(chosen.start, chosen.end)} />
    </div>
  ) // prettier-ignore
}

/** Stretches of a day in which somebody does not work, in minutes. */
function offTimes(works: string): { from: number; length: number }[] {
  return [...works.slice(0, 48).matchAll(/0+/g)].map(({ 0: zeros, index }) => ({ from: index * 30, length: zeros.length * 30 }))
}

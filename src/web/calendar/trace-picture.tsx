import { makeStyles, tokens } from '@fluentui/react-components'
import type { Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'

type Trace = Answer<'lookupTrace'>
type Verdict = 'ok' | 'failed' | 'plain'
interface Box {
  lines: string[]
  verdict: Verdict
}

const width = 340
const gap = 28
const lineHeight = 17
const letters = 46

const useStyles = makeStyles({
  picture: { display: 'block', maxWidth: '100%', height: 'auto', fontFamily: tokens.fontFamilyBase, fontSize: '12px' },
  text: { fill: tokens.colorNeutralForeground1 },
  first: { fontWeight: tokens.fontWeightSemibold },
  ok: { fill: tokens.colorNeutralBackground1, stroke: tokens.colorPaletteGreenBorderActive, strokeWidth: '2px' },
  failed: { fill: tokens.colorPaletteRedBackground1, stroke: tokens.colorPaletteRedBorderActive, strokeWidth: '2px' },
  plain: { fill: tokens.colorNeutralBackground3, stroke: tokens.colorNeutralStroke1, strokeWidth: '1px' },
  arrow: { stroke: tokens.colorNeutralForeground3, strokeWidth: '1.5px', fill: 'none' },
  head: { fill: tokens.colorNeutralForeground3 },
})

/** Breaks a text into lines of the picture, at most four. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/).flatMap((one) => one.match(new RegExp(`.{1,${letters}}`, 'gu')) ?? [])) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < letters) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.length > 4 ? [...lines.slice(0, 3), `${lines[3]}…`] : lines
}

/** A lookup as a picture: a column for each way that it went, a box for each hop, and what came of it. */
export function TracePicture({ trace }: { trace: Trace }) {
  const styles = useStyles()
  const { t } = useTexts()
  const columns = trace.branches.map((branch): Box[] => [
    { lines: [...wrapped(branch.people.join(', ')), t(branch.generation === 'local' ? 'calendar.traceHere' : 'calendar.traceElsewhere', { how: branch.generation, ms: branch.ms })], verdict: 'plain' },
    ...branch.rows.filter(({ verdict }) => verdict === 'chosen').map(({ kind, name, why }): Box => ({ lines: [...wrapped(`${kind} ${name}`), ...wrapped(why)], verdict: 'plain' })),
    ...branch.hops.map((hop): Box => ({ lines: [...wrapped(`${hop.step > 0 ? `${hop.step}. ` : ''}${hop.what}`), ...(hop.url ? wrapped(hop.url) : []), [hop.scheme, hop.status, `${hop.ms} ms`].filter((one) => one !== undefined && one !== 'none').join(' · '), ...(hop.cause ? wrapped(hop.cause) : []), ...(hop.remedy ? wrapped(hop.remedy) : [])], verdict: hop.verdict })),
    ...trace.outcomes.filter(({ address }) => branch.people.includes(address)).map(({ address, code, view, cause }): Box => ({ lines: [...wrapped(`${address}: ${code === 'NoError' ? view : code}`), ...(cause ? wrapped(cause) : [])], verdict: code === 'NoError' ? 'ok' : 'failed' })),
  ]) // prettier-ignore
  const heightOf = ({ lines }: Box) => lines.length * lineHeight + 16
  const height = Math.max(60, ...columns.map((column) => column.reduce((sum, box) => sum + heightOf(box) + gap, 0)))
  const whole = Math.max(1, columns.length) * (width + gap)
  return (
    <svg className={styles.picture} role="img" width={whole} viewBox={`0 0 ${whole} ${height}`} aria-label={columns.map((column) => column.map(({ lines }) => lines.join(' ')).join(' → ')).join('; ')} direction="ltr">
      {columns.map((column, at) => {
        let top = 2
        return column.map((box, index) => {
          const y = top
          const size = heightOf(box)
          top += size + gap
          return <HopBox key={`${at}.${index}`} box={box} x={at * (width + gap) + 2} y={y} height={size} isLast={index === column.length - 1} />
        })
      })}
    </svg>
  ) // prettier-ignore
}

function HopBox({ box, x, y, height, isLast }: { box: Box; x: number; y: number; height: number; isLast: boolean }) {
  const styles = useStyles()
  const [middle, bottom] = [x + width / 2, y + height]
  return (
    <g>
      <rect className={styles[box.verdict]} x={x} y={y} width={width} height={height} rx={6} />
      {box.lines.map((line, at) => (
        <text key={at} className={at === 0 ? `${styles.text} ${styles.first}` : styles.text} x={x + 12} y={y + 20 + at * lineHeight}>
          {line}
        </text>
      ))}
      {!isLast && <path className={styles.arrow} d={`M${middle} ${bottom} V${bottom + gap - 6}`} />}
      {!isLast && <path className={styles.head} d={`M${middle - 5} ${bottom + gap - 8} h10 l-5 7 z`} />}
    </g>
  )
}

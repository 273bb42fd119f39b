import { Button, Input, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components'
import { StopRegular } from '@fluentui/react-icons'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTexts } from '../../app/texts.ts'
import type { Asked, Piece } from './browser-terminal.ts'
import { ShellLine } from './shell-line.tsx'
import { prompt, shellSession } from './shell-session.ts'

const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateRows: 'auto minmax(0, 1fr) auto', height: '100%', minHeight: 0 },
  head: { paddingInline: tokens.spacingHorizontalM, paddingBlock: `${tokens.spacingVerticalM} ${tokens.spacingVerticalS}` },
  title: { margin: 0, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold },
  output: { margin: 0, overflow: 'auto', paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase300, lineHeight: '20px', backgroundColor: tokens.colorNeutralBackground2, direction: 'ltr', textAlign: 'left' },
  probe: { position: 'absolute', visibility: 'hidden', fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase300 },
  line: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, direction: 'ltr', paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, borderTopWidth: '1px', borderTopStyle: 'solid', borderTopColor: tokens.colorNeutralStroke2, fontFamily: tokens.fontFamilyMonospace },
  grow: { flexGrow: 1 },
  input: { color: tokens.colorBrandForeground1, fontWeight: tokens.fontWeightSemibold },
  error: { color: tokens.colorStatusDangerForeground1 },
  warning: { color: tokens.colorStatusWarningForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
}) // prettier-ignore

/** The shell of Isthmus in the browser: the language runs here, its cmdlets on the site, with the rights of whoever is signed in. */
export default function ShellPage() {
  const styles = useStyles()
  const { t } = useTexts()
  const [session] = useState(() => shellSession())
  const { pieces, asked, progress } = useSyncExternalStore(session.terminal.subscribe, session.terminal.screen)
  const [stopping, setStopping] = useState<AbortController>()
  const output = useRef<HTMLPreElement>(null)
  const probe = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const characters = () => Math.floor(((output.current?.clientWidth ?? 960) - 32) / ((probe.current?.offsetWidth ?? 80) / 10))
    session.terminal.measure(() => Math.max(40, characters()))
  }, [session])
  useEffect(() => void output.current?.scrollTo({ top: output.current.scrollHeight }), [pieces, asked])
  // What is typed while a line runs waits for it.
  const last = useRef(Promise.resolve())
  const run = (line: string) => void (last.current = last.current.then(() => runNow(line)))
  const runNow = async (line: string) => {
    const controller = new AbortController()
    setStopping(controller)
    try {
      await session.run(line, controller.signal)
    } finally {
      setStopping(undefined)
    }
  }
  const stop = () => stopping?.abort(new DOMException('Stopped.', 'AbortError'))
  return (
    <section className={styles.whole} aria-label={t('admin.shell')}>
      <div className={styles.head}>
        <span ref={probe} className={styles.probe} aria-hidden>
          {'0'.repeat(10)}
        </span>
        <h1 className={styles.title}>{t('admin.shell')}</h1>
        <Text size={200}>{t('admin.shellHint')}</Text>
      </div>
      <pre ref={output} className={styles.output} role="log" aria-label={t('admin.shellOutput')} tabIndex={0}>
        {pieces.map((piece, at) => <Shown key={at} piece={piece} />)}
        {progress !== undefined && <span className={styles.quiet}>{progress}</span>}
      </pre>
      <div className={styles.line}>
        {asked ? <Answer key={asked.prompt} asked={asked} /> : (
          <>
            <span aria-hidden>{prompt}</span>
            <ShellLine session={session} busy={stopping !== undefined} onRun={run} onStop={stop} />
          </>
        )}
        {stopping && <Button icon={<StopRegular />} onClick={stop}>{t('admin.stop')}</Button>}
      </div>
    </section>
  ) // prettier-ignore
}

function Shown({ piece: { kind, text } }: { piece: Piece }) {
  const styles = useStyles()
  const look = { output: undefined, information: undefined, input: styles.input, error: styles.error, warning: styles.warning, verbose: styles.quiet, debug: styles.quiet }[kind] // prettier-ignore
  return <span className={mergeClasses(look)}>{text}</span>
}

/** What the shell asks: whether something is meant, a text, a secret. */
function Answer({ asked: { prompt: question, isSecret, answer } }: { asked: Asked }) {
  const styles = useStyles()
  const [text, setText] = useState('')
  return (
    <>
      <span id="shell-question">{question}</span>
      <Input className={styles.grow} autoFocus aria-labelledby="shell-question" type={isSecret ? 'password' : 'text'} autoComplete="off" value={text} onChange={(_, { value }) => setText(value)} onKeyDown={({ key }) => key === 'Enter' && answer(text)} />
    </>
  ) // prettier-ignore
}

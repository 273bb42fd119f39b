import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import { useRef, useState, type KeyboardEvent } from 'react'
import type { Completion } from '#shell'
import { useTexts } from '../../app/texts.ts'
import type { ShellSession } from './shell-session.ts'

const useStyles = makeStyles({
  whole: { position: 'relative', flexGrow: 1, minWidth: 0 },
  input: { width: '100%', boxSizing: 'border-box', resize: 'none', padding: tokens.spacingVerticalXS, fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase300, color: tokens.colorNeutralForeground1, backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusMedium },
  list: { position: 'absolute', bottom: '100%', insetInlineStart: 0, zIndex: 2, maxHeight: '260px', minWidth: '240px', maxWidth: '100%', overflowY: 'auto', margin: 0, padding: tokens.spacingVerticalXS, listStyleType: 'none', backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusMedium, boxShadow: tokens.shadow16 },
  option: { paddingInline: tokens.spacingHorizontalS, paddingBlock: tokens.spacingVerticalXXS, cursor: 'pointer', borderRadius: tokens.borderRadiusSmall },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
}) // prettier-ignore

interface ShellLineProps {
  session: ShellSession
  busy: boolean
  onRun: (line: string) => void
  onStop: () => void
}

interface Offered {
  items: readonly Completion[]
  at: number
  /** What stood there before the first was put in. */
  text: string
}

/** The line that is written: completed by Tab, earlier ones by the arrows. Escape and then Tab leaves it. */
export function ShellLine({ session, busy, onRun, onStop }: ShellLineProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [earlier, setEarlier] = useState(0)
  const [offered, setOffered] = useState<Offered>()
  const [leaving, setLeaving] = useState(false)
  const input = useRef<HTMLTextAreaElement>(null)
  const write = (next: string) => {
    setText(next)
    setOffered(undefined)
  }
  const put = (items: readonly Completion[], at: number, before: string) => {
    const item = items[at]
    if (!item) return
    setText(before.slice(0, item.start) + item.text + before.slice(item.end))
    setOffered(items.length > 1 ? { items, at, text: before } : undefined)
  }
  const complete = async () => {
    if (offered) return put(offered.items, (offered.at + 1) % offered.items.length, offered.text)
    put(await session.complete(text, input.current?.selectionStart ?? text.length), 0, text)
  }
  const recall = (by: number) => {
    const at = Math.max(0, Math.min(session.lines.length, earlier + by))
    setEarlier(at)
    write(at === 0 ? '' : (session.lines.at(-at) ?? ''))
  }
  const run = () => {
    if (!session.isComplete(text)) return write(`${text}\n`)
    setEarlier(0)
    write('')
    if (text.trim() !== '') onRun(text)
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, shiftKey, ctrlKey, currentTarget } = event
    const isOneLine = !text.includes('\n')
    const acts: Partial<Record<string, () => void>> = {
      ...(shiftKey ? {} : { Enter: run }),
      ...(text.trim() === '' || leaving || shiftKey ? {} : { Tab: () => void complete() }),
      ...(isOneLine ? { ArrowUp: () => recall(1), ArrowDown: () => recall(-1) } : {}),
      ...(ctrlKey && currentTarget.selectionStart === currentTarget.selectionEnd ? { c: busy ? onStop : () => write('') } : {}),
    }
    setLeaving(key === 'Escape')
    if (key === 'Escape') setOffered(undefined)
    const act = acts[key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <div className={styles.whole}>
      {offered && (
        <ul className={styles.list} role="listbox" id="shell-completions" aria-label={t('admin.completions')}>
          {offered.items.map((item, at) => <li key={item.label} id={`shell-completion-${at}`} role="option" aria-selected={at === offered.at} className={mergeClasses(styles.option, at === offered.at && styles.chosen)} onMouseDown={(event) => { event.preventDefault(); put(offered.items, at, offered.text); setOffered(undefined) }}>{item.label}</li>)}
        </ul>
      )}
      <textarea ref={input} className={styles.input} rows={Math.min(8, text.split('\n').length)} autoFocus spellCheck={false} autoCapitalize="off" autoComplete="off" aria-label={t("admin.shellLine")} aria-autocomplete="list" aria-controls={offered ? 'shell-completions' : undefined} aria-activedescendant={offered ? `shell-completion-${offered.at}` : undefined} value={text} onChange={({ target }) => write(target.value)} onKeyDown={press} />
    </div>
  ) // prettier-ignore
}

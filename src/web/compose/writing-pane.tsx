import { Button, Input, makeStyles, Text, tokens } from '@fluentui/react-components'
import { AttachRegular, DeleteRegular, DismissRegular, SendRegular } from '@fluentui/react-icons'
import type { Editor } from '@tiptap/react'
import { useEffect, useRef, useState, useSyncExternalStore, type DragEvent } from 'react'
import { culture } from '../app/culture.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import type { ComposeOptions } from './compose-pane.tsx'
import type { Draft, DraftState } from './draft.ts'
import { DraftTrouble, reasonOf } from './draft-trouble.tsx'
import { Files } from './files.tsx'
import { FromPicker } from './from-picker.tsx'
import { MoreMenu } from './more-menu.tsx'
import { closeCompose, sendLater, sendSoon } from './opened.ts'
import { Quote } from './quote.tsx'
import { Recipients } from './recipients.tsx'
import { insertHtml, RichText } from './rich-text.tsx'
import { SendLater, WaitingBar } from './send-later.tsx'
import { SignatureDialog } from './signature-dialog.tsx'
import { Tips } from './tips.tsx'
import { isAddress } from './written.ts'

const useStyles = makeStyles({
  pane: { display: 'flex', flexDirection: 'column', height: '100%', boxSizing: 'border-box', padding: tokens.spacingHorizontalM, gap: tokens.spacingVerticalS, minHeight: 0 },
  bar: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  state: { flexGrow: 1, textAlign: 'end', color: tokens.colorNeutralForeground3 },
  line: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', alignItems: 'start', gap: tokens.spacingHorizontalXS },
  body: { flexGrow: 1, minHeight: '120px', overflowY: 'auto', display: 'flex', flexDirection: 'column' },
  small: { minWidth: 'auto' },
  hidden: { display: 'none' },
}) // prettier-ignore

const megabytes = (bytes: number) => new Intl.NumberFormat(culture(), { maximumFractionDigits: 1 }).format(bytes / 1024 / 1024) // prettier-ignore

const savingTexts: Record<DraftState['saving'], TextName | undefined> = {
  unchanged: undefined,
  changed: 'compose.changed',
  saving: 'compose.saving',
  saved: 'compose.saved',
  failed: 'compose.notSavedYet',
  conflict: undefined,
  gone: undefined,
}

/** A message while it is written: whom it goes to, what it says, and what goes with it. */
export function WritingPane({ draft, options, isReply }: { draft: Draft; options: ComposeOptions; isReply: boolean }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { written, saving, files, uploading, ref, sendAt } = useSyncExternalStore(draft.subscribe, draft.state)
  const [copies, setCopies] = useState({ cc: written.cc.length > 0, bcc: written.bcc.length > 0, from: options.from.length > 1 || written.from !== undefined }) // prettier-ignore
  const [wrong, setWrong] = useState<string>()
  const [signing, setSigning] = useState(false)
  const editor = useRef<Editor | null>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const [isDiscarded, setIsDiscarded] = useState(false)
  useEffect(draft.show, [draft])
  // Only where it is still this one that is open.
  useEffect(() => {
    if (isDiscarded) closeCompose()
  }, [isDiscarded])
  const everybody = [...written.to, ...written.cc, ...written.bcc]
  /** Sends it soon, or at its time; what hinders it is told. */
  const send = (at?: number) => {
    const bad = everybody.find(({ address }) => !isAddress(address))
    if (everybody.length === 0) return setWrong(t('compose.noRecipients'))
    if (bad) return setWrong(t('compose.badAddress', { address: bad.address }))
    if (uploading.some(({ error }) => error === undefined)) return setWrong(t('compose.stillUploading'))
    draft.letGo()
    if (at === undefined) sendSoon(draft)
    else sendLater(draft, at)
  }
  const discard = () => {
    draft.discard().then(() => setIsDiscarded(true), (error: Error) => setWrong(reasonOf(error, t))) // prettier-ignore
  }
  /** Tells what is too large, before it is on its way. */
  const fits = ({ name, size }: File): boolean => {
    const { together, atOnce } = options.files
    const now = draft.state()
    const before = [...now.files, ...now.uploading.filter(({ error }) => error === undefined)].reduce((sum, one) => sum + one.size, 0)
    const most = Math.min(together, atOnce)
    if (size > most) setWrong(t('compose.tooLarge', { name, most: megabytes(most) }))
    else if (before + size > together) setWrong(t('compose.tooLargeTogether', { name, most: megabytes(together) }))
    else return true
    return false
  }
  const attach = (list: Iterable<File>) => {
    for (const file of list) {
      if (fits(file)) void draft.attach(file, false)
    }
  }
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    attach(event.dataTransfer.files)
  }
  const state = savingTexts[saving]
  return (
    <div className={styles.pane} onDragOver={(event) => event.preventDefault()} onDrop={drop} onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send() } }}>
      <div className={styles.bar}>
        <Button appearance="primary" icon={<SendRegular />} onClick={() => send()}>{t('compose.send')}</Button>
        <SendLater sendAt={sendAt} onChoose={send} />
        <Button appearance="subtle" icon={<AttachRegular />} aria-label={t('compose.attach')} title={t('compose.attach')} onClick={() => chooser.current?.click()} />
        <MoreMenu written={written} onWrite={draft.write} onShowFrom={() => setCopies({ ...copies, from: true })} onSign={() => setSigning(true)} onInsertSignature={() => insertSignature(editor.current, options)} />
        <Button appearance="subtle" icon={<DeleteRegular />} aria-label={t('compose.discard')} title={t('compose.discard')} onClick={discard} />
        <Text size={200} className={styles.state} role="status">{state && t(state)}</Text>
        <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('compose.close')} title={t('compose.close')} onClick={closeCompose} />
      </div>
      <input ref={chooser} type="file" multiple className={styles.hidden} aria-label={t('compose.attach')} tabIndex={-1} onChange={({ target }) => { attach(target.files ?? []); target.value = '' }} />
      <DraftTrouble draft={draft} saving={saving} wrong={wrong} onWrong={setWrong} />
      {sendAt !== undefined && <WaitingBar draft={draft} sendAt={sendAt} onWrong={setWrong} />}
      {copies.from && <FromPicker from={written.from} known={options.from} onChoose={(from) => draft.write({ from })} />}
      <div className={styles.line}>
        <Recipients label={t('compose.to')} list={written.to} onChange={(to) => draft.write({ to })} focused={!isReply && !ref} />
        <div>
          {!copies.cc && <Button className={styles.small} appearance="subtle" onClick={() => setCopies({ ...copies, cc: true })}>{t('compose.cc')}</Button>}
          {!copies.bcc && <Button className={styles.small} appearance="subtle" onClick={() => setCopies({ ...copies, bcc: true })}>{t('compose.bcc')}</Button>}
        </div>
      </div>
      {copies.cc && <Recipients label={t('compose.cc')} list={written.cc} onChange={(cc) => draft.write({ cc })} />}
      {copies.bcc && <Recipients label={t('compose.bcc')} list={written.bcc} onChange={(bcc) => draft.write({ bcc })} />}
      {options.mailTips && <Tips addressees={everybody} from={written.from?.address} threshold={options.largeAudienceThreshold} />}
      <Input aria-label={t('compose.subject')} appearance="underline" placeholder={t('compose.subject')} value={written.subject} maxLength={255} onChange={(_, { value }) => draft.write({ subject: value })} />
      <Files files={files} uploading={uploading} onRemove={(number) => void draft.detach(number)} onDismiss={draft.dismiss} />
      <div className={styles.body}>
        <RichText html={written.html} focused={isReply} onChange={(html) => draft.write({ html })} onPicture={async (file) => (fits(file) ? draft.attach(file, true) : undefined)} editorRef={editor} />
        {written.quote && ref && <Quote item={ref} onRemove={() => draft.write({ quote: false })} />}
      </div>
      {signing && <SignatureDialog signature={options.signature} onClose={() => setSigning(false)} />}
    </div>
  ) // prettier-ignore
}

function insertSignature(editor: Editor | null, { signature }: ComposeOptions): void {
  if (editor && signature.html) insertHtml(editor, signature.html)
}

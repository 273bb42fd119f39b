/** Files of messages, looked at where that is safe. */
import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { useIsDark } from '../app/theme.ts'
import { inFull } from '../app/times.ts'
import { addressOf, Attachments, isPdf, isPicture, type File } from './attachments.tsx'
import { useMail, type ItemPlace } from './mail-tools.ts'
import { allInFull, inFullOf } from './people.ts'

const useStyles = makeStyles({
  picture: { maxWidth: '100%', maxHeight: '65vh', objectFit: 'contain' },
  text: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '65vh', overflowY: 'auto', fontFamily: tokens.fontFamilyMonospace, margin: 0 },
  frame: { width: '100%', height: '65vh', border: 'none', backgroundColor: 'white' },
  body: { width: '100%', height: '40vh', border: 'none', backgroundColor: 'white' },
  dark: { backgroundColor: tokens.colorNeutralBackground1 },
  letter: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
}) // prettier-ignore

interface FilePreviewProps {
  item: ItemPlace
  path: readonly number[]
  file: File
  onBack?: () => void
}

/** Shows a file. A picture is a picture, a text is text, a PDF is shown by the browser's own viewer, and a message is opened as one. `onBack` leads to the message that it is a file of. */
export function FilePreview({ item, path, file, onBack }: FilePreviewProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const { show } = useMail()
  const button = useRef<HTMLButtonElement>(null)
  // A message within a message within one: each takes the place of the one that it is in, until that is gone back to.
  const [inner, setInner] = useState<File | undefined>()
  // What was pressed is gone.
  useEffect(() => button.current?.focus(), [inner])
  if (inner) return <FilePreview item={item} path={[...path, file.number]} file={inner} onBack={() => setInner(undefined)} />
  const address = addressOf(item, [...path, file.number])
  return (
    <DialogBody>
      <DialogTitle><bdi>{file.name}</bdi></DialogTitle>
      <DialogContent>
        {file.kind === 'item' ? <AttachedMessage item={item} path={[...path, file.number]} onPreview={setInner} />
          : isPicture(file) ? <img className={styles.picture} src={address} alt={file.name} />
          : isPdf(file) ? <Pdf address={address} name={file.name} />
          : <TextFile address={address} name={file.name} />}
      </DialogContent>
      <DialogActions>
        {file.kind === 'file' && <Button as="a" href={address} download={file.name}>{t('mail.download', { name: file.name })}</Button>}
        {onBack && <Button onClick={onBack}>{t('mail.back')}</Button>}
        <Button ref={button} appearance="primary" onClick={() => show(undefined)}>{t('mail.close')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

/** No sandbox: the browser's viewer works in none. What is in the frame is nothing but PDF, by its type. */
function Pdf({ address, name }: { address: string; name: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  if (!navigator.pdfViewerEnabled) return <Text>{t('mail.noViewer')}</Text>
  return <iframe className={styles.frame} title={name} src={`${address}?view=1`} />
}

function AttachedMessage({ item, path, onPreview }: { item: ItemPlace; path: readonly number[]; onPreview: (file: File) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const isDark = useIsDark()
  const { mailbox, id } = item
  const { data: letter, error } = useQuery({ queryKey: ['mail', 'attached', id, ...path], queryFn: ({ signal }) => ask('attachedMessage', { item, path: [...path] }, { signal }) }) // prettier-ignore
  if (error) return <Text role="alert">{error.message}</Text>
  if (!letter) return <Spinner label={t('app.loading')} />
  const files = letter.attachments.filter(({ inline }) => !inline)
  return (
    <article className={styles.letter} aria-label={letter.subject || t('mail.noSubject')}>
      <Text weight="semibold" size={400}><bdi>{letter.subject || t('mail.noSubject')}</bdi></Text>
      {letter.from && <Text><bdi>{inFullOf(letter.from)}</bdi></Text>}
      {letter.to.length > 0 && <Text size={200}>{`${t('mail.to')}: `}<bdi>{allInFull(letter.to)}</bdi></Text>}
      {letter.cc.length > 0 && <Text size={200}>{`${t('mail.cc')}: `}<bdi>{allInFull(letter.cc)}</bdi></Text>}
      {letter.received !== undefined && <Text size={200}>{inFull(letter.received)}</Text>}
      {files.length > 0 && <Attachments item={item} path={path} files={files} onPreview={onPreview} />}
      <iframe className={`${styles.body} ${isDark ? styles.dark : ''}`} title={t('mail.messageBody')} sandbox="allow-popups allow-popups-to-escape-sandbox" src={`/owa/frame/${encodeURIComponent(mailbox)}/${id}/${path.join('/')}${isDark ? '?dark=1' : ''}`} />
    </article>
  ) // prettier-ignore
}

function TextFile({ address, name }: { address: string; name: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({
    queryKey: ['file', address],
    async queryFn({ signal }) {
      const answer = await fetch(address, { signal })
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      return answer.text()
    },
  })
  if (error) return <Text role="alert">{t('mail.notLoaded')}</Text>
  if (data === undefined) return <Spinner label={t('app.loading')} />
  return (
    <pre className={styles.text} tabIndex={0} role="group" aria-label={name}>
      {data}
    </pre>
  )
}

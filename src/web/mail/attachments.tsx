import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Link,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import {
  ArrowDownloadRegular,
  DocumentPdfRegular,
  DocumentRegular,
  DocumentTextRegular,
  ImageRegular,
  MailRegular,
} from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { culture } from '../app/culture.ts'
import { useTexts } from '../app/texts.ts'
import { useMail, type ItemPlace, type Message } from './mail-tools.ts'

type File = Message['attachments'][number]

const useStyles = makeStyles({
  files: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  file: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, padding: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, border: `1px solid ${tokens.colorNeutralStroke2}`, maxWidth: '260px', minWidth: 0 },
  name: { minWidth: 0, display: 'flex', flexDirection: 'column', alignItems: 'flex-start' },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', maxWidth: '160px', textAlign: 'start' },
  picture: { maxWidth: '100%', maxHeight: '65vh', objectFit: 'contain' },
  text: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '65vh', overflowY: 'auto', fontFamily: tokens.fontFamilyMonospace, margin: 0 },
  frame: { width: '100%', height: '65vh', border: 'none', backgroundColor: 'white' },
}) // prettier-ignore

const isPicture = ({ contentType }: File) => /^image\/(png|jpeg|gif|webp|bmp|avif)$/i.test(contentType)
const isText = ({ contentType }: File) => /^text\/(plain|csv|markdown)$|^application\/json$/i.test(contentType)
/** Larger texts are saved rather than looked at. */
const mostText = 1024 * 1024
const canPreview = (file: File) => file.kind === 'item' || isPicture(file) || (isText(file) && file.size <= mostText)

function iconOf(file: File) {
  if (file.kind === 'item') return MailRegular
  if (isPicture(file)) return ImageRegular
  if (/pdf$/i.test(file.contentType)) return DocumentPdfRegular
  return isText(file) ? DocumentTextRegular : DocumentRegular
}

/** In the unit that makes the number short. */
function sizeOf(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte'] as const
  const at = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2
  return new Intl.NumberFormat(culture(), { style: 'unit', unit: units[at] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: at }).format(bytes / 1000 ** at)
} // prettier-ignore

const addressOf = ({ mailbox, id }: ItemPlace, { number }: File) => `/owa/attachment/${encodeURIComponent(mailbox)}/${id}/${number}`

/** The files of a message: looked at where that is safe, saved one by one or all. */
export function Attachments({ item, files }: { item: ItemPlace; files: readonly File[] }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { show } = useMail()
  const saved = files.filter(({ kind }) => kind === 'file')
  const saveAll = () => {
    for (const file of saved) {
      const link = document.createElement('a')
      link.href = addressOf(item, file)
      link.download = file.name
      link.click()
    }
  }
  return (
    <div className={styles.files} role="group" aria-label={t('mail.attachments')}>
      {files.map((file) => {
        const Icon = iconOf(file)
        return (
          <div key={file.number} className={styles.file}>
            <Icon fontSize={24} aria-hidden />
            <span className={styles.name}>
              {canPreview(file) ? <Link as="button" className={styles.cut} title={file.name} aria-label={t('mail.preview', { name: file.name })} onClick={() => show(<PreviewDialog item={item} file={file} />)}>{file.name}</Link> : <Text className={styles.cut} title={file.name}>{file.name}</Text>}
              <Text size={200}>{sizeOf(file.size)}</Text>
            </span>
            {file.kind === 'file' && <Button as="a" appearance="subtle" icon={<ArrowDownloadRegular />} href={addressOf(item, file)} download={file.name} aria-label={t('mail.download', { name: file.name })} />}
          </div>
        )
      })}
      {saved.length > 1 && <Button appearance="subtle" icon={<ArrowDownloadRegular />} onClick={saveAll}>{t('mail.downloadAll')}</Button>}
    </div>
  ) // prettier-ignore
}

/** Shows a file. A picture is a picture, a text is text, and a message has a frame that nothing comes out of. */
function PreviewDialog({ item, file }: { item: ItemPlace; file: File }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { show } = useMail()
  const { mailbox, id } = item
  return (
    <DialogBody>
      <DialogTitle>{file.name}</DialogTitle>
      <DialogContent>
        {file.kind === 'item' && <iframe className={styles.frame} title={file.name} sandbox="allow-popups allow-popups-to-escape-sandbox" src={`/owa/frame/${encodeURIComponent(mailbox)}/${id}/${file.number}`} />}
        {file.kind === 'file' && isPicture(file) && <img className={styles.picture} src={addressOf(item, file)} alt={file.name} />}
        {file.kind === 'file' && isText(file) && <TextFile address={addressOf(item, file)} name={file.name} />}
      </DialogContent>
      <DialogActions>
        {file.kind === 'file' && <Button as="a" href={addressOf(item, file)} download={file.name}>{t('mail.download', { name: file.name })}</Button>}
        <Button appearance="primary" onClick={() => show(undefined)}>{t('mail.close')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

function TextFile({ address, name }: { address: string; name: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({
    queryKey: ['file', address],
    async queryFn({ signal }) {
      const answer = await fetch(address, { signal })
      if (!answer.ok) throw new Error(answer.statusText)
      return answer.text()
    },
  })
  if (error) return <Text role="alert">{error.message}</Text>
  if (data === undefined) return <Spinner label={t('app.loading')} />
  return (
    <pre className={styles.text} tabIndex={0} role="group" aria-label={name}>
      {data}
    </pre>
  )
}

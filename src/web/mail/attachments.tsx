import { Button, Link, makeStyles, Text, tokens } from '@fluentui/react-components'
import {
  ArrowDownloadRegular,
  DocumentPdfRegular,
  DocumentRegular,
  DocumentTextRegular,
  ImageRegular,
  MailRegular,
} from '@fluentui/react-icons'
import { sizeText } from '../app/sizes.ts'
import { useTexts } from '../app/texts.ts'
import type { ItemPlace, Message } from './mail-tools.ts'

export type File = Message['attachments'][number]

const useStyles = makeStyles({
  files: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  file: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, padding: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, border: `1px solid ${tokens.colorNeutralStroke2}`, maxWidth: '260px', minWidth: 0 },
  name: { minWidth: 0, display: 'flex', flexDirection: 'column', alignItems: 'flex-start' },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', maxWidth: '160px', textAlign: 'start' },
}) // prettier-ignore

export const isPicture = ({ contentType }: File) => /^image\/(png|jpeg|gif|webp|bmp|avif)$/i.test(contentType)
const isText = ({ contentType }: File) => /^text\/(plain|csv|markdown)$|^application\/json$/i.test(contentType)
export const isPdf = ({ contentType }: File) => /^application\/pdf$/i.test(contentType)
/** Larger texts are saved rather than looked at. */
const mostText = 1024 * 1024
const canPreview = (file: File) => file.kind === 'item' || isPicture(file) || isPdf(file) || (isText(file) && file.size <= mostText)

function iconOf(file: File) {
  if (file.kind === 'item') return MailRegular
  if (isPicture(file)) return ImageRegular
  if (isPdf(file)) return DocumentPdfRegular
  return isText(file) ? DocumentTextRegular : DocumentRegular
}

/** `path` = the numbers that lead to a file. */
export const addressOf = ({ mailbox, id }: ItemPlace, path: readonly number[]): string =>
  `/owa/attachment/${encodeURIComponent(mailbox)}/${id}/${path.join('/')}`

interface AttachmentsProps {
  item: ItemPlace
  /** Numbers that lead to the message, where it is attached to the item. */
  path?: readonly number[]
  files: readonly File[]
  onPreview: (file: File) => void
}

/** The files of a message: looked at where that is safe, saved one by one or all. */
export function Attachments({ item, path = [], files, onPreview }: AttachmentsProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const saved = files.filter(({ kind }) => kind === 'file')
  const saveAll = () => {
    for (const file of saved) {
      const link = document.createElement('a')
      link.href = addressOf(item, [...path, file.number])
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
              {canPreview(file) ? <Link as="button" className={styles.cut} title={file.name} aria-label={t('mail.preview', { name: file.name })} onClick={() => onPreview(file)}>{file.name}</Link> : <Text className={styles.cut} title={file.name}>{file.name}</Text>}
              <Text size={200}>{sizeText(file.size)}</Text>
            </span>
            {file.kind === 'file' && <Button as="a" appearance="subtle" icon={<ArrowDownloadRegular />} href={addressOf(item, [...path, file.number])} download={file.name} aria-label={t('mail.download', { name: file.name })} />}
          </div>
        )
      })}
      {saved.length > 1 && <Button appearance="subtle" icon={<ArrowDownloadRegular />} onClick={saveAll}>{t('mail.downloadAll')}</Button>}
    </div>
  ) // prettier-ignore
}

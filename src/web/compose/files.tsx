import { Button, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components'
import { AttachRegular, DismissRegular } from '@fluentui/react-icons'
import { sizeText } from '../app/sizes.ts'
import { useTexts } from '../app/texts.ts'
import type { DraftFile, Uploading } from './draft.ts'

const useStyles = makeStyles({
  files: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, margin: 0, padding: 0, listStyleType: 'none', maxHeight: '25vh', overflowY: 'auto' },
  file: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, paddingInlineStart: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3, maxWidth: '300px' },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: 0 },
  error: { color: tokens.colorPaletteRedForeground1 },
}) // prettier-ignore

/** The files of a message and those on their way. Pictures of the text are shown there. */
export function Files({
  files,
  uploading,
  onRemove,
  onDismiss,
}: {
  files: readonly DraftFile[]
  uploading: readonly Uploading[]
  onRemove: (number: number) => void
  onDismiss: (id: number) => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const seen = files.filter(({ inline }) => !inline)
  if (seen.length === 0 && uploading.length === 0) return null
  return (
    <ul className={styles.files} aria-label={t('mail.attachments')}>
      {seen.map(({ number, name, size }) => (
        <li key={number} className={styles.file}>
          <AttachRegular />
          <Text className={styles.name}>{name}</Text>
          <Text size={200}>{sizeText(size)}</Text>
          <Button appearance="transparent" icon={<DismissRegular />} aria-label={t('compose.removeFile', { name })} onClick={() => onRemove(number)} />
        </li>
      ))}
      {uploading.map(({ id, name, part, error }) => (
        <li key={`up-${id}`} className={styles.file}>
          <Text className={styles.name}>{name}</Text>
          {error === undefined ? (
            <ProgressBar value={part} aria-label={t('compose.uploading', { name })} />
          ) : (
            <Text className={styles.error} role="alert">{error || t('compose.uploadFailed')}</Text>
          )}
          {error !== undefined && <Button appearance="transparent" icon={<DismissRegular />} aria-label={t('compose.removeFile', { name })} onClick={() => onDismiss(id)} />}
        </li>
      ))}
    </ul>
  ) // prettier-ignore
}

import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons'
import { useEffect, useState } from 'react'
import { useTexts } from '../app/texts.ts'

const useStyles = makeStyles({
  whole: { display: 'flex', alignSelf: 'stretch', alignItems: 'center', gap: tokens.spacingHorizontalS, paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalXS, backgroundColor: tokens.colorNeutralBackground3, borderTopWidth: '1px', borderTopStyle: 'solid', borderTopColor: tokens.colorNeutralStroke2, minWidth: 0 },
  text: { flexGrow: 1, minWidth: 0, margin: 0, direction: 'ltr', textAlign: 'left', fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '84px', overflowY: 'auto' },
}) // prettier-ignore

/** The command that does what the page does, to be copied into a shell. */
export function ShownCommand({ text }: { text: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [copied, setCopied] = useState<string>()
  useEffect(() => setCopied(undefined), [text])
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(text))
  return (
    <div className={styles.whole}>
      <Text as="pre" className={styles.text} role="region" aria-label={t('admin.command')} tabIndex={0}>
        {text}
      </Text>
      <Button size="small" appearance="subtle" icon={copied === text ? <CheckmarkRegular /> : <CopyRegular />} onClick={copy}>
        {t(copied === text ? 'admin.copied' : 'admin.copyCommand')}
      </Button>
    </div>
  )
}

import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { MailEditRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import { openCompose } from './opened.ts'

const useStyles = makeStyles({ button: { margin: tokens.spacingHorizontalS, alignSelf: 'start' } })

/** Begins a message. */
export function NewMessageButton() {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <Button className={styles.button} appearance="primary" icon={<MailEditRegular />} onClick={() => openCompose({ kind: 'new' })}>
      {t('compose.newMessage')}
    </Button>
  )
}

import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'

const useStyles = makeStyles({
  quote: { display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: '220px', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  button: { alignSelf: 'start' },
  frame: { flexGrow: 1, border: 'none', backgroundColor: 'white', borderRadius: tokens.borderRadiusMedium },
}) // prettier-ignore

/** What is quoted below the text, as it will be sent. */
export function Quote({ item: { mailbox, id }, onRemove }: { item: { mailbox: string; id: number }; onRemove: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <div className={styles.quote}>
      <Button className={styles.button} size="small" appearance="subtle" icon={<DismissRegular />} onClick={onRemove}>
        {t('compose.removeQuote')}
      </Button>
      <iframe className={styles.frame} title={t('compose.quote')} sandbox="allow-popups allow-popups-to-escape-sandbox" src={`/owa/quote/${encodeURIComponent(mailbox)}/${id}`} />
    </div>
  ) // prettier-ignore
}

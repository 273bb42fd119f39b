import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { inShort } from '../app/times.ts'
import { useMail, type ItemPlace, type Row } from './mail-tools.ts'
import { ReadingPane } from './reading-pane.tsx'

const useStyles = makeStyles({
  whole: { height: '100%', overflowY: 'auto', paddingInline: tokens.spacingHorizontalM, boxSizing: 'border-box' },
  subject: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere', marginBlock: tokens.spacingVerticalM },
  message: { height: '60vh', minHeight: '360px' },
  line: { display: 'flex', gap: tokens.spacingHorizontalS, width: '100%', minWidth: 0 },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', flexGrow: 1, minWidth: 0, maxWidth: '50vw' },
  unread: { fontWeight: tokens.fontWeightSemibold },
}) // prettier-ignore

/** All messages of a conversation, whichever folder they lie in, the newest open. */
export function ConversationPane({ item, conversation }: { item: ItemPlace; conversation: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { folders } = useMail()
  const { data, error } = useQuery({
    queryKey: ['mail', 'conversation', conversation],
    queryFn: ({ signal }) => ask('conversation', { mailbox: item.mailbox, conversation }, { signal }),
  })
  if (error) return <Text role="alert">{error.message}</Text>
  if (!data) return <Spinner label={t('app.loading')} />
  const where = ({ folder }: Row) => folders.find(({ ref }) => ref.id === folder)?.name ?? ''
  return (
    <div className={styles.whole}>
      <h1 className={styles.subject}>{data.messages[0]?.subject || t('mail.noSubject')}</h1>
      <Accordion collapsible multiple defaultOpenItems={data.messages.slice(0, 1).map(({ ref }) => ref.id)}>
        {data.messages.map((row) => (
          <AccordionItem key={row.ref.id} value={row.ref.id}>
            <AccordionHeader>
              <span className={styles.line}>
                <Text className={row.isRead ? styles.cut : `${styles.cut} ${styles.unread}`}>{`${row.from?.name || row.from?.address || ''} – ${row.preview ?? ''}`}</Text>
                <Text size={200}>{`${where(row)} ${row.received === undefined ? '' : inShort(row.received)}`}</Text>
              </span>
            </AccordionHeader>
            <AccordionPanel>
              <div className={styles.message}>
                <ReadingPane item={row.ref} isPart />
              </div>
            </AccordionPanel>
          </AccordionItem>
        ))}
      </Accordion>
    </div>
  ) // prettier-ignore
}

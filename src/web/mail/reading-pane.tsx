import {
  Button,
  Link,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Persona,
  Spinner,
  Text,
  Title3,
  tokens,
} from '@fluentui/react-components'
import { AttachRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { inFull } from '../app/times.ts'
import { ReplyButtons } from '../compose/reply-buttons.tsx'

type Message = Answer<'message'>
type Address = Message['to'][number]

const useStyles = makeStyles({
  pane: { display: 'flex', flexDirection: 'column', height: '100%', gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalM, boxSizing: 'border-box' },
  frame: { flexGrow: 1, border: 'none', backgroundColor: 'white', borderRadius: tokens.borderRadiusMedium },
  files: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
}) // prettier-ignore

const nameOf = ({ name, address }: Address) => name || address || ''
const people = (list: Address[]) => list.map(nameOf).join('; ')

/** One message: who it is from and to, its files, and its text in a frame that nothing comes out of. */
export function ReadingPane({ item }: { item: { mailbox: string; id: number } }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [pictures, setPictures] = useState(false)
  const { data: message, error } = useQuery({
    queryKey: ['mail', 'message', item.id],
    queryFn: ({ signal }) => ask('message', { item }, { signal }),
  })
  if (error) return <Text role="alert">{error.message}</Text>
  if (!message) return <Spinner label={t('app.loading')} />
  const place = `${encodeURIComponent(item.mailbox)}/${item.id}`
  const files = message.attachments.filter(({ inline }) => !inline)
  return (
    <article className={styles.pane} aria-labelledby="subject">
      <Title3 as="h1" id="subject">
        {message.subject || t('mail.noSubject')}
      </Title3>
      <ReplyButtons item={item} isDraft={message.isDraft} />
      {message.from && <Persona name={nameOf(message.from)} secondaryText={message.from.address ?? ''} tertiaryText={message.received === undefined ? '' : inFull(message.received)} />}
      {message.to.length > 0 && <Text size={200}>{`${t('mail.to')}: ${people(message.to)}`}</Text>}
      {message.cc.length > 0 && <Text size={200}>{`${t('mail.cc')}: ${people(message.cc)}`}</Text>}
      {files.length > 0 && (
        <div className={styles.files} role="group" aria-label={t('mail.attachments')}>
          {files.map(({ number, name }) => (
            <Link key={number} href={`/owa/attachment/${place}/${number}`} download={name} aria-label={t('mail.download', { name })}>
              <AttachRegular /> {name}
            </Link>
          ))}
        </div>
      )}
      {!pictures && (
        <MessageBar>
          <MessageBarBody>{t('mail.blocked')}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => setPictures(true)}>{t('mail.showPictures')}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <iframe className={styles.frame} title={t('mail.messageBody')} sandbox="allow-popups allow-popups-to-escape-sandbox" src={`/owa/frame/${place}${pictures ? '?images=1' : ''}`} />
    </article>
  ) // prettier-ignore
}

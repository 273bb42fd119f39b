import {
  Avatar,
  Badge,
  Button,
  makeStyles,
  mergeClasses,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import {
  CodeRegular,
  DarkThemeRegular,
  FlagFilled,
  ImportantFilled,
  MoreHorizontalRegular,
  PinOffRegular,
  PinRegular,
  PrintRegular,
  TextBulletListSquareRegular,
} from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { useIsDark } from '../app/theme.ts'
import { inFull } from '../app/times.ts'
import { ReplyButtons } from '../compose/reply-buttons.tsx'
import { Attachments, type File } from './attachments.tsx'
import { useMail, type ItemPlace, type Message } from './mail-tools.ts'
import { allInFull, inFullOf, nameOf, namesOf } from './people.ts'

const useStyles = makeStyles({
  pane: { display: 'flex', flexDirection: 'column', height: '100%', gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalL, boxSizing: 'border-box', overflowY: 'auto' },
  subject: { margin: 0, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere', flexGrow: 1 },
  line: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS },
  who: { display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0 },
  people: { overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
  frame: { flexGrow: 1, minHeight: '240px', border: 'none', backgroundColor: 'white', borderRadius: tokens.borderRadiusMedium },
  dark: { backgroundColor: tokens.colorNeutralBackground1 },
  flag: { color: tokens.colorPaletteRedForeground1 },
  categories: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
}) // prettier-ignore

export const placeOf = ({ mailbox, id }: ItemPlace): string => `${encodeURIComponent(mailbox)}/${id}`

/** One message: who it is from and to, its files, and its text in a frame that nothing comes out of. Whoever opens it has read it. */
export function ReadingPane({ item, isPart = false }: { item: ItemPlace; isPart?: boolean }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [isShown, setShown] = useState(false)
  const [asSent, setAsSent] = useState(false)
  const isDark = useIsDark() && !asSent
  const { view, show, later } = useMail()
  const preview = (file: File) => later(({ FilePreview }) => show(<FilePreview item={item} path={[]} file={file} />))
  const { data: message, error } = useMessage(item)
  useReading(message)
  if (error) return <Text role="alert">{error.message}</Text>
  if (!message) return <Spinner label={t('app.loading')} />
  const sender = message.from?.address?.toLowerCase()
  const pictures = isShown || (sender !== undefined && view.picturesFrom.includes(sender))
  const files = message.attachments.filter(({ inline }) => !inline)
  return (
    <article className={styles.pane} aria-labelledby={`subject-${item.id}`}>
      <Head message={message} isPart={isPart} asSent={asSent} onAsSent={setAsSent} />
      <ReplyButtons item={item} isDraft={message.isDraft} />
      {files.length > 0 && <Attachments item={item} files={files} onPreview={preview} />}
      {message.hasRemotePictures && !pictures && <BlockedPictures sender={sender} onShow={() => setShown(true)} />}
      {message.isCut && <CutText item={item} />}
      <iframe className={mergeClasses(styles.frame, isDark && styles.dark)} title={t('mail.messageBody')} sandbox="allow-popups allow-popups-to-escape-sandbox" src={`/owa/frame/${placeOf(item)}?${pictures ? 'images=1&' : ''}${isDark ? 'dark=1' : ''}`} />
    </article>
  ) // prettier-ignore
}

export const useMessage = (item: ItemPlace) =>
  useQuery({ queryKey: ['mail', 'message', item.id], queryFn: ({ signal }) => ask('message', { item }, { signal }) })

/** Once a message: marked unread while it is open, it stays so. */
function useReading(message: Message | undefined): void {
  const { act } = useMail()
  const read = useRef<number | undefined>(undefined)
  useEffect(() => {
    if (!message || read.current === message.ref.id) return
    read.current = message.ref.id
    if (!message.isRead && message.rights.modify) void act([{ items: [message.ref] }], { do: 'read', isRead: true })
  }, [message, act])
}

interface AsSent {
  /** In the dark: the text is shown as it was sent all the same. */
  asSent: boolean
  onAsSent: (asSent: boolean) => void
}

function Head({ message, isPart, ...sent }: { message: Message; isPart: boolean } & AsSent) {
  const styles = useStyles()
  const { t } = useTexts()
  const Subject = isPart ? 'h2' : 'h1'
  const { from, sender, to, cc, ref } = message
  return (
    <>
      <div className={styles.line}>
        <Subject className={styles.subject} id={`subject-${ref.id}`}><bdi>{message.subject || t('mail.noSubject')}</bdi></Subject>
        {message.importance === 'High' && <ImportantFilled className={styles.flag} aria-label={t('mail.important')} />}
        {message.flag?.status === 'Flagged' && <FlagFilled className={styles.flag} aria-label={t('mail.flagged')} />}
        <MoreMenu item={ref} isPinned={message.isPinned} {...sent} />
      </div>
      {message.categories.length > 0 && <div className={styles.categories}>{message.categories.map((name) => <Badge key={name} appearance="tint">{name}</Badge>)}</div>}
      <div className={styles.line}>
        {from && <Avatar name={nameOf(from)} color="colorful" size={40} aria-hidden />}
        <div className={styles.who}>
          {from && <Text weight="semibold" className={styles.people}><bdi>{inFullOf(from)}</bdi></Text>}
          {from && sender?.address && sender.address !== from.address && <Text size={200}>{t('mail.sentBy', { name: inFullOf(sender) })}</Text>}
          {to.length > 0 && <Text size={200} className={styles.people} title={allInFull(to)}>{`${t('mail.to')}: `}<bdi>{namesOf(to)}</bdi></Text>}
          {cc.length > 0 && <Text size={200} className={styles.people} title={allInFull(cc)}>{`${t('mail.cc')}: `}<bdi>{namesOf(cc)}</bdi></Text>}
          {message.received !== undefined && <Text size={200} className={styles.quiet}>{inFull(message.received)}</Text>}
        </div>
      </div>
    </>
  ) // prettier-ignore
}

function MoreMenu({ item, isPinned, asSent, onAsSent }: { item: ItemPlace; isPinned: boolean } & AsSent) {
  const { t } = useTexts()
  const { show, later, act } = useMail()
  const isDark = useIsDark()
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<MoreHorizontalRegular />} aria-label={t('mail.more')} title={t('mail.more')} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={isPinned ? <PinOffRegular /> : <PinRegular />} onClick={() => void act([{ items: [item] }], { do: 'pin', isPinned: !isPinned })}>{t(isPinned ? 'mail.unpin' : 'mail.pin')}</MenuItem>
          {isDark && <MenuItem icon={<DarkThemeRegular />} onClick={() => onAsSent(!asSent)}>{t(asSent ? 'mail.showDark' : 'mail.showAsSent')}</MenuItem>}
          <MenuItem icon={<PrintRegular />} onClick={() => window.open(`/owa/frame/${placeOf(item)}?print=1`, '_blank', 'noopener')}>{t('mail.print')}</MenuItem>
          <MenuItem icon={<TextBulletListSquareRegular />} onClick={() => later(({ DetailsDialog }) => show(<DetailsDialog item={item} />))}>{t('mail.details')}</MenuItem>
          <MenuItem icon={<CodeRegular />} onClick={() => location.assign(`/owa/source/${placeOf(item)}`)}>{t('mail.saveSource')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  ) // prettier-ignore
}

function CutText({ item }: { item: ItemPlace }) {
  const { t } = useTexts()
  return (
    <MessageBar layout="auto">
      <MessageBarBody>{t('mail.cut')}</MessageBarBody>
      <MessageBarActions>
        <Button as="a" href={`/owa/source/${placeOf(item)}`} download>{t('mail.saveWhole')}</Button>
      </MessageBarActions>
    </MessageBar>
  ) // prettier-ignore
}

function BlockedPictures({ sender, onShow }: { sender: string | undefined; onShow: () => void }) {
  const { t } = useTexts()
  const { saveView } = useMail()
  return (
    <MessageBar layout="auto">
      <MessageBarBody>{t('mail.blocked')}</MessageBarBody>
      <MessageBarActions>
        <Button onClick={onShow}>{t('mail.showPictures')}</Button>
        {sender && <Button onClick={() => saveView({ picturesFrom: sender })}>{t('mail.alwaysShow', { name: sender })}</Button>}
      </MessageBarActions>
    </MessageBar>
  ) // prettier-ignore
}

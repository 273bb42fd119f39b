import { makeStyles, mergeClasses, Button, Text, tokens } from '@fluentui/react-components'
import { ArrowLeftRegular, MailReadMultipleRegular } from '@fluentui/react-icons'
import { createElement, useEffect, useRef, useState } from 'react'
import { Later } from '../app/later.tsx'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { NewMessageButton } from '../compose/new-message-button.tsx'
import { useCommands } from './commands.ts'
import { ConversationPane } from './conversation-pane.tsx'
import { useFolderQuestions } from './folder-questions.ts'
import { FolderTree } from './folder-tree.tsx'
import { useKeys } from './keys.ts'
import type { ListOf } from './list-pages.ts'
import { MailProvider } from './mail-provider.tsx'
import { keyOf, useMail, type Folder, type Message, type Row } from './mail-tools.ts'
import { MessageList, type ListControl } from './message-list.tsx'
import { MessageToolbar } from './message-toolbar.tsx'
import { useIsPhone } from './phone.ts'
import { ReadingPane, useMessage } from './reading-pane.tsx'
import { useRowMenu } from './row-menu-place.tsx'
import { useSelection } from './selection.ts'

const useStyles = makeStyles({
  mail: { display: 'grid', minHeight: 0, height: '100%', gridTemplateRows: 'auto minmax(0, 1fr)', gridTemplateColumns: 'auto minmax(0, 1fr)', gridTemplateAreas: '"folders bar" "folders content"' },
  folders: { gridArea: 'folders', width: '232px', minHeight: 0, overflow: 'hidden', backgroundColor: tokens.colorNeutralBackground2, borderInlineEndWidth: '1px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorNeutralStroke2 },
  bar: { gridArea: 'bar', height: '33px' },
  content: { gridArea: 'content', display: 'grid', minHeight: 0, minWidth: 0 },
  right: { gridTemplateColumns: 'minmax(280px, 380px) minmax(0, 1fr)', gridTemplateRows: 'minmax(0, 1fr)' },
  below: { gridTemplateRows: 'minmax(0, 1fr) minmax(0, 1fr)', gridTemplateColumns: 'minmax(0, 1fr)' },
  one: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'minmax(0, 1fr)' },
  phone: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto auto minmax(0, 1fr)', gridTemplateAreas: '"write" "bar" "content"' },
  write: { gridArea: 'write' },
  part: { minHeight: 0, minWidth: 0, overflow: 'hidden' },
  listBeside: { borderInlineEndWidth: '1px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorNeutralStroke2 },
  listAbove: { borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2 },
  reading: { display: 'grid', gridTemplateRows: 'auto minmax(0, 1fr)', height: '100%' },
  back: { justifySelf: 'start', margin: tokens.spacingHorizontalXS },
  nothing: { display: 'flex', flexDirection: 'column', alignItems: 'center', justifyContent: 'center', gap: tokens.spacingVerticalM, height: '100%', color: tokens.colorNeutralForeground2 },
  whole: { width: '100%' },
}) // prettier-ignore

/** `/owa/mail/{folder}/{message}[/{conversation}]`: the folders of the mailbox, the messages of one, and one of them. */
export default function Mail() {
  return (
    <MailProvider>
      <FolderOfAddress />
    </MailProvider>
  )
}

function FolderOfAddress() {
  const { t } = useTexts()
  const { folders } = useMail()
  const [part] = useRest()
  const folder = folders.find(({ ref }) => String(ref.id) === part) ?? folders.find(({ kind }) => kind === 'inbox')
  return folder ? <MailOf key={folder.ref.id} folder={folder} /> : <Text role="alert">{t('mail.noFolder')}</Text>
}

/** What is chosen of a folder, by the address of the page. */
function useChosen(folder: Folder) {
  const [, message, conversation] = useRest()
  const [row, setRow] = useState<Row | undefined>()
  const item = message ? { mailbox: folder.ref.mailbox, id: Number(message) } : undefined
  const key = conversation ?? message
  return { item, conversation, key, row: row && keyOf(row) === key ? row : undefined, setRow }
}

function MailOf({ folder }: { folder: Folder }) {
  const styles = useStyles()
  const go = useGo()
  const { view, folders, act } = useMail()
  const isPhone = useIsPhone()
  const control = useRef<ListControl>(null)
  const chosen = useChosen(folder)
  const selection = useSelection()
  const { rows } = selection
  const [narrowed, setNarrowed] = useState<Pick<ListOf, 'query' | 'filter' | 'everywhere'>>({ query: '', filter: undefined, everywhere: false })
  const [showsFolders, setShowsFolders] = useState(!isPhone)
  useEffect(() => setShowsFolders(!isPhone), [isPhone])
  const list: ListOf = { folder, ...narrowed, conversations: view.conversations }
  const home = `/owa/mail/${folder.ref.id}`
  const choose = (row: Row | undefined) => {
    chosen.setRow(row)
    // Whoever opens a conversation has read it; a message says so itself.
    if (row?.conversation && !row.isRead) void act([row], { do: 'read', isRead: true })
    go(row ? `${home}/${row.ref.id}${row.conversation ? `/${row.conversation}` : ''}` : home)
  }
  const removed = (gone: readonly Row[]) => {
    selection.clear()
    const keys = new Set(gone.map(keyOf))
    if (chosen.key !== undefined && keys.has(chosen.key)) choose(isPhone || view.readingPane === 'off' ? undefined : control.current?.besides(keys))
    control.current?.focus()
  }
  const toFolder = ({ ref }: Folder) => {
    if (isPhone) setShowsFolders(false)
    go(`/owa/mail/${ref.id}`)
  }
  const actable = rows.size > 0 ? [...rows.values()] : chosen.row ? [chosen.row] : []
  const pane = isPhone ? 'off' : view.readingPane
  const showsList = pane !== 'off' || !chosen.item
  const whole = selection.wholeOf(list, () => choose(undefined))
  const actOn = useCommands(actable, folder, removed, whole)
  const menu = useRowMenu({ chosen: actable, actOn, folder, removed, selection })
  const own = useActOnRow(removed)
  const kindOf = (kind: string) => () => folders.filter((one) => one.kind === kind).slice(0, 1).forEach(toFolder)
  useMailKeys(folder, { ...actOn, next: () => control.current?.step(1), previous: () => control.current?.step(-1), inbox: kindOf('inbox'), drafts: kindOf('drafts'), sent: kindOf('sentitems'), escape: () => (rows.size > 0 ? selection.clear() : pane === 'off' && chosen.item && choose(undefined)) })
  const isUnread = actable.some(({ isRead }) => !isRead)
  const folderPane = showsFolders && <nav className={mergeClasses(styles.folders, isPhone && styles.whole)}><NewMessageButton /><FolderTree chosen={folder.ref.id} onChoose={toFolder} /></nav>
  if (isPhone && folderPane) return folderPane
  return (
    <div className={mergeClasses(styles.mail, isPhone && styles.phone)}>
      {folderPane}
      {isPhone && <div className={styles.write}><NewMessageButton /></div>}
      <Later instead={<div className={styles.bar} />}><MessageToolbar commands={actOn} isAny={actable.length > 0} isWhole={whole !== undefined} isUnread={isUnread} folder={folder} /></Later>
      <div className={mergeClasses(styles.content, pane === 'right' ? styles.right : pane === 'below' ? styles.below : styles.one)}>
        {showsList && (
          <div className={mergeClasses(styles.part, pane === 'right' && styles.listBeside, pane === 'below' && styles.listAbove)}>
            <MessageList list={list} onList={(changes) => { selection.clear(); setNarrowed({ ...narrowed, ...changes }) }} chosen={chosen.key} onChoose={choose} selection={selection} onAct={own} onFolders={() => setShowsFolders(!showsFolders)} onMenu={menu.open} control={control} />
          </div>
        )}
        {(pane !== 'off' || chosen.item) && <Reading chosen={chosen} onBack={pane === 'off' ? () => choose(undefined) : undefined} />}
      </div>
      {menu.shown}
    </div>
  )
} // prettier-ignore

/** What the buttons of one row do. */
function useActOnRow(removed: (rows: readonly Row[]) => void) {
  const { act } = useMail()
  return (row: Row, action: Parameters<typeof act>[1]) => {
    if (action.do === 'delete') removed([row])
    void act([row], action)
  }
}

function useMailKeys(folder: Folder, runs: Record<string, () => unknown>) {
  const { show, later, undo } = useMail()
  const { create } = useFolderQuestions(folder)
  useKeys({
    ...(runs as Record<string, () => void>),
    newFolder: create,
    undo,
    help: () => later(({ ShortcutsDialog }) => show(createElement(ShortcutsDialog))),
    search: () => document.getElementById('mail-search')?.focus(),
  })
}

function Reading({ chosen, onBack }: { chosen: ReturnType<typeof useChosen>; onBack: (() => void) | undefined }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { item, conversation } = chosen
  if (!item) {
    return (
      <div className={styles.nothing}>
        <MailReadMultipleRegular fontSize={64} aria-hidden />
        <Text>{t('mail.chooseMessage')}</Text>
      </div>
    )
  }
  return (
    <div className={mergeClasses(styles.part, styles.reading)}>
      {onBack ? <Button className={styles.back} appearance="subtle" icon={<ArrowLeftRegular />} onClick={onBack}>{t('mail.back')}</Button> : <span />}
      {conversation ? <ConversationPane key={conversation} item={item} conversation={conversation} /> : <ReadingPane key={item.id} item={item} />}
      {!conversation && <RowOfMessage item={item} onRow={chosen.setRow} />}
    </div>
  ) // prettier-ignore
}

/** What is acted on is the message as it is now, even where no list is in sight. */
function RowOfMessage({ item, onRow }: { item: { mailbox: string; id: number }; onRow: (row: Row) => void }) {
  const { data } = useMessage(item)
  useEffect(() => {
    if (data) onRow(rowOf(data))
  }, [data, onRow])
  return null
}

const rowOf = ({
  ref,
  folder,
  subject,
  from,
  received,
  isRead,
  isDraft,
  isPinned,
  importance,
  categories,
  flag,
  itemClass,
  size,
}: Message): Row => ({
  ...{ ref, subject, from, received, isRead, isDraft, isPinned, importance, categories, itemClass, size },
  items: [ref],
  messages: 1,
  folder: folder.id,
  to: undefined,
  flag: flag?.status ?? 'NotFlagged',
  hasAttachments: false,
  preview: undefined,
})

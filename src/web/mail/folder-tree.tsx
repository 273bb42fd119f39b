import { CounterBadge, makeStyles, mergeClasses, Tree, TreeItem, TreeItemLayout, tokens } from '@fluentui/react-components'
import {
  ArchiveRegular,
  DeleteRegular,
  DocumentEditRegular,
  FolderRegular,
  HistoryRegular,
  MailInboxRegular,
  MailProhibitedRegular,
  SendClockRegular,
  SendRegular,
  StarRegular,
  type FluentIcon,
} from '@fluentui/react-icons'
import { lazy, Suspense, useState, type DragEvent, type KeyboardEvent, type MouseEvent } from 'react'
import { useTexts } from '../app/texts.ts'
import { draggedFolder, draggedRows, dragFolder, isDragging } from './dragging.ts'
import type { Spot } from './folder-menu.tsx'
import { useFolderQuestions } from './folder-questions.ts'
import { byRank, isMailFolder, useMail, type Folder } from './mail-tools.ts'

const FolderMenu = lazy(() => import('./later.ts').then(({ FolderMenu }) => ({ default: FolderMenu })))

const useStyles = makeStyles({
  tree: { height: '100%', overflowY: 'auto', paddingBlock: tokens.spacingVerticalS, boxSizing: 'border-box' },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected, fontWeight: tokens.fontWeightSemibold, borderRadius: tokens.borderRadiusMedium },
  aimed: { outlineWidth: '2px', outlineStyle: 'dashed', outlineColor: tokens.colorBrandStroke1, outlineOffset: '-2px' },
}) // prettier-ignore

const icons: Readonly<Record<string, FluentIcon>> = {
  inbox: MailInboxRegular,
  drafts: DocumentEditRegular,
  sentitems: SendRegular,
  archive: ArchiveRegular,
  junkemail: MailProhibitedRegular,
  deleteditems: DeleteRegular,
  conversationhistory: HistoryRegular,
  outbox: SendClockRegular,
}

/** What is unread; of drafts and what waits, how many there are. */
const countOf = ({ kind, total, unread }: Folder) => (kind === 'drafts' || kind === 'outbox' ? total : unread)

/** The mail folders of a mailbox with how much is unread in each, favourites on top. Messages are dropped on them. */
export function FolderTree({ chosen, onChoose }: { chosen: number | undefined; onChoose: (folder: Folder) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { folders, view, openBranches, later } = useMail()
  const [menu, setMenu] = useState<{ folder: Folder; at: Spot } | undefined>()
  const mail = folders.filter(isMailFolder)
  const known = new Set(mail.map(({ ref }) => ref.id))
  const favourites = view.favourites.flatMap((id) => mail.find(({ ref }) => ref.id === id) ?? [])
  const below = (parent: number | undefined) =>
    mail.filter((one) => (parent === undefined ? !known.has(one.parent) : one.parent === parent)).toSorted(byRank)
  const leaf = { chosen, onChoose, onMenu: (folder: Folder, at: Spot) => later(() => setMenu({ folder, at })) }
  const branch = (folder: Folder) => (
    <FolderItem key={folder.ref.id} folder={folder} inner={below(folder.ref.id)} branch={branch} {...leaf} />
  )
  return (
    <div className={styles.tree}>
      <Tree
        aria-label={t('mail.folders')}
        size="small"
        defaultOpenItems={openBranches.current}
        onOpenChange={(_, { openItems }) => {
          openBranches.current = openItems
        }}
      >
        {favourites.length > 0 && (
          <TreeItem value="favourites" itemType="branch">
            <TreeItemLayout iconBefore={<StarRegular />}>{t('mail.favourites')}</TreeItemLayout>
            <Tree>
              {favourites.map((folder) => (
                <FolderItem key={folder.ref.id} prefix="favourite" folder={folder} inner={[]} branch={branch} {...leaf} />
              ))}
            </Tree>
          </TreeItem>
        )}
        {below(undefined).map(branch)}
      </Tree>
      {menu && (
        <Suspense>
          <FolderMenu key={menu.folder.ref.id} folder={menu.folder} at={menu.at} onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
    </div>
  )
}

interface FolderItemProps {
  folder: Folder
  inner: Folder[]
  branch: (folder: Folder) => React.ReactNode
  chosen: number | undefined
  onChoose: (folder: Folder) => void
  onMenu: (folder: Folder, at: Spot) => void
  prefix?: string
}

function FolderItem({ folder, inner, branch, chosen, onChoose, onMenu, prefix = 'folder' }: FolderItemProps) {
  const styles = useStyles()
  const { act, actOnFolder } = useMail()
  const questions = useFolderQuestions(folder)
  const [aimed, setAimed] = useState(false)
  const isChosen = folder.ref.id === chosen
  const Icon = icons[folder.kind] ?? FolderRegular
  const count = countOf(folder)
  const own = <Event extends { stopPropagation(): void }>(run: (event: Event) => void) => (event: Event) => { event.stopPropagation(); run(event) } // prettier-ignore
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setAimed(false)
    const rows = draggedRows(event)
    if (rows.length > 0) void act(rows, { do: 'move', to: folder.ref })
    const moved = draggedFolder(event)
    if (moved && moved.id !== folder.ref.id) void actOnFolder({ ref: moved }, { do: 'move', to: folder.ref })
  }
  const aim = (event: DragEvent) => {
    if (!isDragging(event)) return
    event.preventDefault()
    setAimed(true)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'F2') questions.rename()
    else if (event.key === 'Delete') questions.remove()
    else if (event.key === 'Enter') onChoose(folder)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const menu = (event: MouseEvent) => {
    event.preventDefault()
    const { left, bottom } = event.currentTarget.getBoundingClientRect()
    onMenu(folder, event.clientX > 0 ? { x: event.clientX, y: event.clientY } : { x: left + 24, y: Math.min(bottom, left + 24) })
  }
  return (
    <TreeItem value={`${prefix}-${folder.ref.id}`} itemType={inner.length > 0 ? 'branch' : 'leaf'} aria-current={isChosen ? 'true' : undefined} onClick={own(() => onChoose(folder))} onContextMenu={own(menu)} onKeyDown={key} draggable={questions.isOwn} onDragStart={own((event: DragEvent) => dragFolder(event, folder.ref))} onDragOver={own(aim)} onDragLeave={() => setAimed(false)} onDrop={own(drop)}>
      <TreeItemLayout className={mergeClasses(isChosen && styles.chosen, aimed && styles.aimed)} iconBefore={<Icon />} aside={count > 0 ? <CounterBadge count={count} overflowCount={9999} appearance="ghost" /> : null}>
        {folder.name}
      </TreeItemLayout>
      {inner.length > 0 && <Tree>{inner.map(branch)}</Tree>}
    </TreeItem>
  ) // prettier-ignore
}

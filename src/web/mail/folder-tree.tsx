import { CounterBadge, makeStyles, Tree, TreeItem, TreeItemLayout } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import type { Folder } from './mail.tsx'

const useStyles = makeStyles({ tree: { height: '100%', overflowY: 'auto' } })
/** Default folders in the order in which people look for them; the others follow by name. */
const order = ['inbox', 'drafts', 'sentitems', 'archive', 'junkemail', 'deleteditems']
const rank = ({ kind }: Folder) => (order.includes(kind) ? order.indexOf(kind) : order.length)
const isMail = ({ folderClass }: Folder) => folderClass === null || folderClass === 'IPF.Note' || folderClass.startsWith('IPF.Note.')

/** The mail folders of a mailbox with how much is unread in each. */
export function FolderTree({
  folders,
  chosen,
  onChoose,
}: {
  folders: Folder[]
  chosen: number | undefined
  onChoose: (folder: Folder) => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const mail = folders.filter(isMail)
  const known = new Set(mail.map(({ ref }) => ref.id))
  const below = (parent: number | undefined) =>
    mail
      .filter((one) => (parent === undefined ? !known.has(one.parent) : one.parent === parent))
      .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
  const branch = (folder: Folder) => {
    const inner = below(folder.ref.id)
    return (
      <TreeItem key={folder.ref.id} value={String(folder.ref.id)} itemType={inner.length > 0 ? 'branch' : 'leaf'} aria-current={folder.ref.id === chosen ? 'true' : undefined} onClick={(event) => { event.stopPropagation(); onChoose(folder) }}>
        <TreeItemLayout aside={folder.unread > 0 ? <CounterBadge count={folder.unread} overflowCount={9999} appearance="ghost" /> : null}>{folder.name}</TreeItemLayout>
        {inner.length > 0 && <Tree>{inner.map(branch)}</Tree>}
      </TreeItem>
    ) // prettier-ignore
  }
  return (
    <Tree aria-label={t('mail.folders')} className={styles.tree}>
      {below(undefined).map(branch)}
    </Tree>
  )
}

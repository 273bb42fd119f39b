import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask, type Answer } from '../app/api.ts'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { NewMessageButton } from '../compose/new-message-button.tsx'
import { FolderTree } from './folder-tree.tsx'
import { MessageList } from './message-list.tsx'
import { ReadingPane } from './reading-pane.tsx'

export type Folder = Answer<'findFolders'>['folders'][number]

const useStyles = makeStyles({
  mail: { display: 'grid', gridTemplateColumns: '220px minmax(280px, 380px) 1fr', minHeight: 0, height: '100%', '@media (max-width: 640px)': { gridTemplateColumns: '1fr' } },
  part: { minHeight: 0, minWidth: 0, overflow: 'hidden', borderInlineEndWidth: '1px', borderInlineEndStyle: 'solid', borderInlineEndColor: tokens.colorNeutralStroke2 },
}) // prettier-ignore

/** `/owa/mail/{folder}/{message}`: the folders of the mailbox, the messages of one, and one of them. */
export default function Mail() {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const [folderPart, messagePart] = useRest()
  const { data } = useQuery({ queryKey: ['mail', 'folders'], queryFn: ({ signal }) => ask('findFolders', {}, { signal }) })
  const folders = data?.folders ?? []
  const folder = folders.find(({ ref }) => String(ref.id) === folderPart) ?? folders.find(({ kind }) => kind === 'inbox')
  const message = folder && messagePart ? { mailbox: folder.ref.mailbox, id: Number(messagePart) } : undefined
  return (
    <div className={styles.mail}>
      <div className={styles.part}>
        <NewMessageButton />
        <FolderTree folders={folders} chosen={folder?.ref.id} onChoose={({ ref }) => go(`/owa/mail/${ref.id}`)} />
      </div>
      <div className={styles.part}>
        {folder && (
          <MessageList key={folder.ref.id} folder={folder} chosen={message?.id} onChoose={(id) => go(`/owa/mail/${folder.ref.id}/${id}`)} />
        )}
      </div>
      <div className={styles.part}>
        {message ? <ReadingPane key={message.id} item={message} /> : <Text as="p">{t('mail.chooseMessage')}</Text>}
      </div>
    </div>
  )
}

import { Button, DialogActions, DialogBody, DialogContent, DialogTitle, Input, makeStyles, tokens } from '@fluentui/react-components'
import { FolderRegular } from '@fluentui/react-icons'
import { useState, type KeyboardEvent } from 'react'
import { useTexts } from '../app/texts.ts'
import { byRank, isMailFolder, useMail, type Folder } from './mail-tools.ts'

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', maxHeight: '50vh', overflowY: 'auto', marginTop: tokens.spacingVerticalS },
  folder: { justifyContent: 'flex-start', flexShrink: 0 },
}) // prettier-ignore

/** Chooses a folder of the mailbox: by name, the first that fits by Enter. */
export function FolderPicker({ title, onPick }: { title: string; onPick: (folder: Folder) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { folders, show } = useMail()
  const [words, setWords] = useState('')
  const fitting = folders.filter((one) => isMailFolder(one) && one.name.toLowerCase().includes(words.toLowerCase())).toSorted(byRank)
  const pick = (folder: Folder | undefined) => {
    if (!folder) return
    show(undefined)
    onPick(folder)
  }
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    // Else the key would press what has the focus next.
    event.preventDefault()
    pick(fitting[0])
  }
  return (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent>
        <Input value={words} onChange={(_, { value }) => setWords(value)} onKeyDown={enter} placeholder={t('mail.findFolder')} aria-label={t('mail.findFolder')} />
        <div className={styles.list} role="group" aria-label={t('mail.folders')}>
          {fitting.map((folder) => (
            <Button key={folder.ref.id} className={styles.folder} appearance="subtle" icon={<FolderRegular />} onClick={() => pick(folder)}>
              {folder.name}
            </Button>
          ))}
        </div>
      </DialogContent>
      <DialogActions>
        <Button onClick={() => show(undefined)}>{t('mail.cancel')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

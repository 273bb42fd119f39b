import { Button, Checkbox, DialogActions, DialogBody, DialogContent, DialogTitle, Input, makeStyles } from '@fluentui/react-components'
import { useState } from 'react'
import { useTexts, type TextName } from '../app/texts.ts'
import { useMail } from './mail-tools.ts'

const useStyles = makeStyles({ list: { display: 'flex', flexDirection: 'column' } })
/** Those that Outlook begins with. */
const usual: readonly TextName[] = ['mail.categoryBlue', 'mail.categoryGreen', 'mail.categoryOrange', 'mail.categoryPurple', 'mail.categoryRed', 'mail.categoryYellow'] // prettier-ignore

/** Chooses the categories of messages; a new name makes a new one. */
export function CategoriesDialog({ chosen, onChoose }: { chosen: readonly string[]; onChoose: (categories: string[]) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { show } = useMail()
  const [ticked, setTicked] = useState<readonly string[]>(chosen)
  const [name, setName] = useState('')
  const all = [...new Set([...usual.map((text) => t(text)), ...chosen])]
  const save = () => {
    show(undefined)
    onChoose([...new Set([...ticked, ...(name.trim() ? [name.trim()] : [])])])
  }
  return (
    <DialogBody>
      <DialogTitle>{t('mail.categorize')}</DialogTitle>
      <DialogContent className={styles.list}>
        {all.map((one) => (
          <Checkbox key={one} label={one} checked={ticked.includes(one)} onChange={(_, { checked }) => setTicked(checked ? [...ticked, one] : ticked.filter((other) => other !== one))} />
        ))}
        <Input value={name} maxLength={255} onChange={(_, { value }) => setName(value)} placeholder={t('mail.newCategory')} aria-label={t('mail.newCategory')} />
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={save}>
          {t('mail.save')}
        </Button>
        <Button onClick={() => show(undefined)}>{t('mail.cancel')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

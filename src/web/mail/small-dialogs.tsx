import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { useMail, type ItemPlace } from './mail-tools.ts'

const useStyles = makeStyles({
  keys: { display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, margin: 0 },
  key: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightSemibold },
  plain: { margin: 0 },
  source: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, maxHeight: '60vh', overflowY: 'auto' },
}) // prettier-ignore

/** A question with yes and no. */
export function ConfirmDialog({ title, text, yes, onYes }: { title: string; text: string; yes: string; onYes: () => void }) {
  const { t } = useTexts()
  const { show } = useMail()
  return (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent>{text}</DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={() => { show(undefined); onYes() }}>{yes}</Button>
        <Button onClick={() => show(undefined)}>{t('mail.cancel')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

/** Asks for the name of a folder. */
export function NameDialog({ title, name: before, onName }: { title: string; name: string; onName: (name: string) => void }) {
  const { t } = useTexts()
  const { show } = useMail()
  const [name, setName] = useState(before)
  const save = () => {
    if (!name.trim()) return
    show(undefined)
    onName(name.trim())
  }
  return (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent>
        <Field label={t('mail.folderName')}>
          <Input value={name} maxLength={255} onChange={(_, { value }) => setName(value)} onKeyDown={({ key }) => key === 'Enter' && save()} />
        </Field>
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" disabled={!name.trim()} onClick={save}>
          {t('mail.save')}
        </Button>
        <Button onClick={() => show(undefined)}>{t('mail.cancel')}</Button>
      </DialogActions>
    </DialogBody>
  ) // prettier-ignore
}

/** The keys of Outlook on the web, in the order in which they are shown; `keyNames` says what each does. */
const keys: readonly (readonly [keys: string, text: TextName])[] = [
  ['↑ ↓', 'mail.keyStep'],
  ['Space', 'mail.keySelect'],
  ['Shift+↑ ↓', 'mail.keyExtend'],
  ['Ctrl+A', 'mail.selectAll'],
  ['Esc', 'mail.keyEscape'],
  ['Delete', 'mail.delete'],
  ['Shift+Delete', 'mail.deleteForGood'],
  ['E', 'mail.archive'],
  ['V', 'mail.move'],
  ['J', 'mail.junk'],
  ['C', 'mail.categorize'],
  ['Insert', 'mail.flag'],
  ['P', 'mail.pin'],
  ['Ctrl+Z', 'mail.undo'],
  ['Q', 'mail.markRead'],
  ['U', 'mail.markUnread'],
  ['/', 'mail.keySearch'],
  ['Ctrl+.', 'mail.keyNext'],
  ['Ctrl+,', 'mail.keyPrevious'],
  ['G I', 'mail.keyInbox'],
  ['G D', 'mail.keyDrafts'],
  ['G S', 'mail.keySent'],
  ['Shift+E', 'mail.newFolder'],
  ['F2', 'mail.rename'],
  ['?', 'mail.shortcuts'],
]

/** The keys that mail listens to. */
export function ShortcutsDialog() {
  const styles = useStyles()
  const { t } = useTexts()
  const { show } = useMail()
  return (
    <DialogBody>
      <DialogTitle>{t('mail.shortcuts')}</DialogTitle>
      <DialogContent>
        <dl className={styles.keys}>
          {keys.map(([key, text]) => [
            <dt key={key} className={styles.key}>
              {key}
            </dt>,
            <dd key={text} className={styles.plain}>
              {t(text)}
            </dd>,
          ])}
        </dl>
      </DialogContent>
      <DialogActions>
        <Button onClick={() => show(undefined)}>{t('mail.close')}</Button>
      </DialogActions>
    </DialogBody>
  )
}

/** The header of a message as it came, and its source as a file. */
export function DetailsDialog({ item }: { item: ItemPlace }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { show } = useMail()
  const { data, error } = useQuery({ queryKey: ['mail', 'details', item.id], queryFn: ({ signal }) => ask('messageDetails', { item }, { signal }) }) // prettier-ignore
  return (
    <DialogBody>
      <DialogTitle>{t('mail.details')}</DialogTitle>
      <DialogContent>
        {error && <Text role="alert">{error.message}</Text>}
        <div className={styles.source} tabIndex={0} role="group" aria-label={t('mail.headers')}>
          {data?.headers.length === 0 ? t('mail.noHeaders') : data?.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}
        </div>
      </DialogContent>
      <DialogActions>
        <Button as="a" href={`/owa/source/${encodeURIComponent(item.mailbox)}/${item.id}`} download={`message-${item.id}.eml`}>
          {t('mail.saveSource')}
        </Button>
        <Button appearance="primary" onClick={() => show(undefined)}>
          {t('mail.close')}
        </Button>
      </DialogActions>
    </DialogBody>
  )
}

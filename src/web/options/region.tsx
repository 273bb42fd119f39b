import { Button, Checkbox, Field, makeStyles, Select, tokens } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { OptionsNow } from './options.tsx'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '480px' },
  save: { alignSelf: 'flex-start' },
})
/** Cultures in whose language the client speaks, each by its own name. */
const cultures: readonly [string, string][] = [['en-US', 'English (United States)'], ['en-GB', 'English (United Kingdom)'], ['de-DE', 'Deutsch (Deutschland)'], ['de-AT', 'Deutsch (Österreich)'], ['de-CH', 'Deutsch (Schweiz)'], ['fr-FR', 'français (France)'], ['fr-CH', 'français (Suisse)']] // prettier-ignore

/** The language that the mailbox is shown in, and its time zone. */
export function Region({ now }: { now: OptionsNow }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [culture, setCulture] = useState(now.culture || 'en-US')
  const [timeZone, setTimeZone] = useState(now.timeZone || 'UTC')
  const [renameFolders, setRenameFolders] = useState(false)
  const save = useMutation({
    mutationFn: () => ask('saveRegion', { culture, timeZone, renameFolders }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['options'] }),
    onSuccess: () => renameFolders && queries.invalidateQueries({ queryKey: ['mail'] }),
  })
  const known = cultures.some(([name]) => name === culture) ? cultures : [[culture, culture] as const, ...cultures]
  return (
    <form className={styles.form} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Field label={t('options.language')}>
        <Select value={culture} onChange={(_, { value }) => setCulture(value)}>{known.map(([name, shown]) => <option key={name} value={name}>{shown}</option>)}</Select>
      </Field>
      <Checkbox label={t('settings.renameFolders')} checked={renameFolders} onChange={(_, { checked }) => setRenameFolders(checked === true)} />
      <Field label={t('options.timeZone')}>
        <Select value={timeZone} onChange={(_, { value }) => setTimeZone(value)}>{now.timeZones.map((name) => <option key={name} value={name}>{name}</option>)}</Select>
      </Field>
      <Button className={styles.save} appearance="primary" type="submit" disabled={save.isPending}>{t('options.save')}</Button>
      <Saved isDone={save.isSuccess} error={save.error} />
    </form>
  ) // prettier-ignore
}

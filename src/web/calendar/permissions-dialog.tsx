import { Button, makeStyles, Select, Spinner, tokens } from '@fluentui/react-components' // prettier-ignore
import { DismissRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, type Answer } from '../app/api.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts } from '../app/texts.ts'
import { levels } from './levels.ts'
import { PeoplePicker } from './people-picker.tsx'
import { ShareForm } from './share-form.tsx'

type Entry = Answer<'calendarPermissions'>['entries'][number]
type Level = Answer<'calendarPermissions'>['levels'][number]
type Folder = { mailbox: string; id: number }

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  name: { flexGrow: 1, overflowWrap: 'anywhere' },
})

/** Who may see what of a calendar; that of the mailbox is shared by mail. */
export function PermissionsDialog({
  folder,
  name,
  isDefault,
  onClose,
}: {
  folder: Folder
  name: string
  isDefault: boolean
  onClose: () => void
}) {
  // prettier-ignore
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const queryKey = ['calendar', 'permissions', folder]
  const { data, error } = useQuery({ queryKey, queryFn: ({ signal }) => ask('calendarPermissions', { folder }, { signal }) })
  const change = useMutation({
    mutationFn: (input: { user: string; level?: Level }) => ask('changeCalendarPermission', { folder, ...input }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  })
  const nameOf = ({ user, name, address }: Entry) =>
    user === 'default' ? t('calendar.everybody') : user === 'anonymous' ? t('calendar.anonymous') : (name ?? address ?? user)
  return (
    <DialogFrame title={t('calendar.permissionsOf', { name })} closeText={t('calendar.close')} onClose={onClose} error={error ?? change.error}>
            {!data && !error && <Spinner label={t('app.loading')} />}
            {data?.entries.map((entry) => (
              <div key={entry.user} className={styles.row}>
                <span className={styles.name}>{nameOf(entry)}</span>
                <Select aria-label={t('calendar.levelOf', { name: nameOf(entry) })} value={entry.level} onChange={(_, { value }) => change.mutate({ user: entry.user, level: value as Level })}>
                  {!(entry.level in levels) && <option value={entry.level}>{entry.level}</option>}
                  {data.levels.map((level) => <option key={level} value={level}>{t(levels[level])}</option>)}
                </Select>
                {entry.user !== 'default' && entry.user !== 'anonymous' && <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('calendar.takeOff', { name: nameOf(entry) })} onClick={() => change.mutate({ user: entry.user })} />}
              </div>
            ))}
            {isDefault ? <ShareForm /> : <PeoplePicker label={t('calendar.shareWith')} people={[]} onChange={([person]) => person && change.mutate({ user: person.address, level: 'Reviewer' })} />}
    </DialogFrame>
  ) // prettier-ignore
}

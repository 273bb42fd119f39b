import { Button, Checkbox, Field, Input, makeStyles, Spinner, Textarea, tokens } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, type Answer, type Question } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { useEdits } from './edits.ts'
import { Saved } from './saved.tsx'

type SettingPage = Question<'ownSettings'>['page']
export type Settings = Answer<'ownSettings'>['settings']

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '560px' },
  save: { alignSelf: 'flex-start' },
})

/** How the settings of each page are filled in, in their order; a list stands one entry in a line. */
type Kind = 'text' | 'long' | 'list' | 'flag'
const rows = {
  junk: { Enabled: 'flag', BlockedSendersAndDomains: 'list', TrustedSendersAndDomains: 'list', ContactsTrusted: 'flag', TrustedListsOnly: 'flag' },
  forwarding: { ForwardingSmtpAddress: 'text', DeliverToMailboxAndForward: 'flag', MailTip: 'long' },
  profile: {
    ...{ DisplayName: 'text', FirstName: 'text', LastName: 'text', Phone: 'text', MobilePhone: 'text', HomePhone: 'text', Fax: 'text', Pager: 'text' },
    ...{ Office: 'text', StreetAddress: 'text', PostalCode: 'text', City: 'text', StateOrProvince: 'text', CountryOrRegion: 'text', WebPage: 'text', Notes: 'long' },
  },
} as const satisfies Partial<Record<SettingPage, Readonly<Record<string, Kind>>>> // prettier-ignore
type FormPage = keyof typeof rows
export const isForm = (page: string): page is FormPage => Object.hasOwn(rows, page)

/** The settings of a page, asked for each time that it is opened; they follow what changes while it is open. */
export function useOwnSettings(page: SettingPage) {
  return useQuery({ queryKey: ['options', page], queryFn: ({ signal }) => ask('ownSettings', { page }, { signal }), gcTime: 0 })
}

/** Saves settings of a page. */
export function useSaving(page: SettingPage) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (settings: Settings) => ask('saveOwnSettings', { page, settings }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['options', page] }),
  })
}

/** A page of settings: those that the caller may change are fields. */
export function OwnSettings({ page }: { page: FormPage }) {
  const { t } = useTexts()
  const { data, error } = useOwnSettings(page)
  if (!data) return error ? <Saved isDone={false} error={error} /> : <Spinner label={t('app.loading')} />
  return <SettingsForm page={page} now={data} />
}

function SettingsForm({ page, now: { settings, mayChange } }: { page: FormPage; now: Answer<'ownSettings'> }) {
  const styles = useStyles()
  const { t } = useTexts()
  const kinds: Readonly<Record<string, Kind>> = rows[page]
  const names = Object.keys(kinds).filter((name) => mayChange.includes(name))
  const { form, changed, set, forget } = useEdits<Record<string, string | boolean>>(Object.fromEntries(names.map((name) => [name, written(settings[name])]))) // prettier-ignore
  const save = useSaving(page)
  const field = (name: string) => {
    const label = t(`settings.${name}` as TextName)
    const value = form[name]
    if (kinds[name] === 'flag') return <Checkbox key={name} label={label} checked={value === true} onChange={(_, { checked }) => set({ [name]: checked === true })} />
    const text = String(value ?? '')
    if (kinds[name] === 'text') return <Field key={name} label={label}><Input value={text} maxLength={1000} onChange={(_, { value: given }) => set({ [name]: given })} /></Field>
    const hint = kinds[name] === 'list' ? { hint: t('settings.linePerEntry') } : {}
    return <Field key={name} label={label} {...hint}><Textarea value={text} rows={kinds[name] === 'list' ? 5 : 3} onChange={(_, { value: given }) => set({ [name]: given })} /></Field>
  } // prettier-ignore
  const submit = () => {
    const given = Object.entries(changed).map(([name, value]) => [name, readAs(kinds[name]!, value)])
    save.mutate(Object.fromEntries(given), { onSuccess: () => forget(changed) })
  }
  return (
    <form className={styles.form} aria-label={t(`settings.${page}`)} onSubmit={(event) => { event.preventDefault(); submit() }}>
      {names.map(field)}
      <Button className={styles.save} appearance="primary" type="submit" disabled={save.isPending}>{t('options.save')}</Button>
      <Saved isDone={save.isSuccess} error={save.error} />
    </form>
  ) // prettier-ignore
}

function written(value: Settings[string] | undefined): string | boolean {
  if (typeof value === 'boolean') return value
  return Array.isArray(value) ? value.join('\n') : (value ?? '').replace(/^smtp:/i, '')
}

function readAs(kind: Kind, value: string | boolean | undefined): Settings[string] {
  if (kind === 'flag') return value === true
  const text = String(value ?? '').trim()
  if (kind === 'list') return text.split('\n').map((line) => line.trim()).filter(Boolean) // prettier-ignore
  return text === '' ? null : text
}

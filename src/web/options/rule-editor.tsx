import { Button, Checkbox, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Question } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { Saved } from './saved.tsx'

type Form = Question<'createRule'>

const empty: Form = { name: '', from: '', subject: '', body: '', sentOnlyToMe: false, hasAttachments: false, category: '', forwardTo: '', markAsRead: false, remove: false, stop: false } // prettier-ignore
const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalM, backgroundColor: tokens.colorNeutralBackground2, borderRadius: tokens.borderRadiusMedium },
  tools: { display: 'flex', gap: tokens.spacingHorizontalS },
}) // prettier-ignore

/** Makes a rule: what a message has to be like, and what is done with it. */
export function RuleEditor({ onClose }: { onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [form, setForm] = useState<Form>(empty)
  const { data } = useQuery({ queryKey: ['mail', 'folders'], queryFn: ({ signal }) => ask('findFolders', {}, { signal }) })
  const create = useMutation({
    mutationFn: () => ask('createRule', form),
    onSuccess: async () => { await queries.invalidateQueries({ queryKey: ['options'] }); onClose() },
  }) // prettier-ignore
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }))
  const line = (name: 'from' | 'subject' | 'body' | 'category' | 'forwardTo') => (
    <Field label={t(`options.${name}`)}><Input value={form[name]} maxLength={255} onChange={(_, { value }) => set({ [name]: value })} /></Field>
  ) // prettier-ignore
  const box = (name: 'sentOnlyToMe' | 'hasAttachments' | 'markAsRead' | 'remove' | 'stop') => (
    <Checkbox label={t(name === 'remove' ? 'options.removeMessage' : `options.${name}`)} checked={form[name]} onChange={(_, { checked }) => set({ [name]: checked === true })} />
  ) // prettier-ignore
  const move = (value: string) => {
    const { moveTo: _, ...rest } = form
    setForm(value === '' ? rest : { ...rest, moveTo: Number(value) })
  }
  return (
    <form className={styles.form} aria-label={t('options.newRule')} onSubmit={(event) => { event.preventDefault(); create.mutate() }}>
      <Field label={t('options.ruleName')} required><Input value={form.name} maxLength={255} onChange={(_, { value }) => set({ name: value })} /></Field>
      {line('from')}
      {line('subject')}
      {line('body')}
      {box('sentOnlyToMe')}
      {box('hasAttachments')}
      <Field label={t('options.folder')}>
        <Select value={form.moveTo === undefined ? '' : String(form.moveTo)} onChange={(_, { value }) => move(value)}>
          <option value="">{t('options.noFolder')}</option>
          {data?.folders.filter(({ folderClass }) => folderClass === null || folderClass.startsWith('IPF.Note')).map(({ ref, name }) => <option key={ref.id} value={String(ref.id)}>{name}</option>)}
        </Select>
      </Field>
      {line('category')}
      {line('forwardTo')}
      {box('markAsRead')}
      {box('remove')}
      {box('stop')}
      <Saved isDone={false} error={create.error} />
      <div className={styles.tools}>
        <Button appearance="primary" type="submit" disabled={!form.name.trim() || create.isPending}>{t('options.save')}</Button>
        <Button onClick={onClose}>{t('people.cancel')}</Button>
      </div>
    </form>
  ) // prettier-ignore
}

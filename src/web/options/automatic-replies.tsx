import { Button, Field, Input, makeStyles, Radio, RadioGroup, Select, Text, Textarea, tokens } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { useEdits } from './edits.ts'
import type { OptionsNow } from './options.tsx'
import { Saved } from './saved.tsx'

type Away = OptionsNow['away']

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '720px', alignItems: 'stretch' },
  row: { display: 'flex', gap: tokens.spacingHorizontalM, flexWrap: 'wrap' },
  save: { alignSelf: 'flex-start' },
})

/** An instant as a field of date and time has it, by the clock here. */
function local(instant: number | undefined): string {
  if (instant === undefined) return ''
  return new Date(instant - new Date(instant).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
const instantOf = (text: string) => (text === '' ? undefined : new Date(text).getTime())

/** Whether people are answered, when, and what they read. */
export function AutomaticReplies({ now }: { now: Away }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const { form, changed, set, forget } = useEdits<Away>(now)
  const save = useMutation({
    mutationFn: () => ask('saveAutomaticReplies', form),
    onSettled: () => queries.invalidateQueries({ queryKey: ['options'] }),
  })
  return (
    <form className={styles.form} onSubmit={(event) => { event.preventDefault(); save.mutate(undefined, { onSuccess: () => forget(changed) }) }}>
      <Text>{t('options.awayHint')}</Text>
      <Field label={t('options.away')}>
        <RadioGroup value={form.state} onChange={(_, { value }) => set({ state: value as Away['state'] })}>
          <Radio value="Disabled" label={t('options.off')} />
          <Radio value="Enabled" label={t('options.on')} />
          <Radio value="Scheduled" label={t('options.scheduled')} />
        </RadioGroup>
      </Field>
      {form.state === 'Scheduled' && (
        <div className={styles.row}>
          <Field label={t('options.start')}><Input type="datetime-local" value={local(form.start)} onChange={(_, { value }) => set({ start: instantOf(value) })} /></Field>
          <Field label={t('options.end')}><Input type="datetime-local" value={local(form.end)} onChange={(_, { value }) => set({ end: instantOf(value) })} /></Field>
        </div>
      )}
      <Field label={t('options.internal')}><Textarea rows={4} maxLength={20_000} value={form.internal} onChange={(_, { value }) => set({ internal: value })} /></Field>
      <Field label={t('options.externalAudience')}>
        <Select value={form.audience} onChange={(_, { value }) => set({ audience: value as Away['audience'] })}>
          <option value="None">{t('options.audienceNone')}</option>
          <option value="Known">{t('options.audienceKnown')}</option>
          <option value="All">{t('options.audienceAll')}</option>
        </Select>
      </Field>
      <Field label={t('options.external')}><Textarea rows={4} maxLength={20_000} value={form.external} onChange={(_, { value }) => set({ external: value })} /></Field>
      <Button className={styles.save} appearance="primary" type="submit" disabled={save.isPending}>{t('options.save')}</Button>
      <Saved isDone={save.isSuccess} error={save.error} />
    </form>
  ) // prettier-ignore
}

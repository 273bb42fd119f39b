import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { oftenOf, recursOf, today, type Often } from './recurs.ts'
import type { Task } from './tasks.tsx'

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  row: { display: 'grid', gridTemplateColumns: '1fr 1fr', gap: tokens.spacingHorizontalM },
  input: { minWidth: 0 },
})

/** One task with its dates, how often it repeats, and notes. */
export function TaskEditor({ task, onClose }: { task: Task; onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [form, setForm] = useState({
    subject: task.subject,
    start: task.start,
    due: task.due,
    importance: task.importance,
    notes: task.notes,
  })
  const [often, setOften] = useState<Often>(oftenOf(task))
  const [until, setUntil] = useState(task.until)
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }))
  const onSuccess = async () => { await queries.invalidateQueries({ queryKey: ['tasks'] }); onClose() } // prettier-ignore
  const save = useMutation({ mutationFn: () => ask('saveTask', { item: task.id, change: task.change, ...form, recurs: recursOf(often, form.due || form.start || today(), until) }), onSuccess }) // prettier-ignore
  const remove = useMutation({ mutationFn: () => ask('removeTask', { item: task.id }), onSuccess })
  const failed = save.error ?? remove.error
  const choices: Often[] = [...(task.pattern ? (['keep'] as const) : []), 'never', 'daily', 'weekly', 'monthly', 'yearly']
  const repeats = often !== 'never' && often !== 'keep'
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('tasks.edit')}</DialogTitle>
          <DialogContent className={styles.fields}>
            <div role="alert">{failed && <MessageBar intent="error"><MessageBarBody>{failed.message}</MessageBarBody></MessageBar>}</div>
            <Field label={t('tasks.subject')} required><Input value={form.subject} maxLength={255} onChange={(_, { value }) => set({ subject: value })} /></Field>
            <div className={styles.row}>
              <Field label={t('tasks.start')}><Input className={styles.input} type="date" value={form.start} onChange={(_, { value }) => set({ start: value })} /></Field>
              <Field label={t('tasks.due')}><Input className={styles.input} type="date" value={form.due} onChange={(_, { value }) => set({ due: value })} /></Field>
              <Field label={t('tasks.recurs')}>
                <Select value={often} onChange={(_, { value }) => setOften(value as Often)}>
                  {choices.map((one) => <option key={one} value={one}>{t(`tasks.${one}`)}</option>)}
                </Select>
              </Field>
              {repeats && <Field label={t('tasks.until')}><Input className={styles.input} type="date" value={until} onChange={(_, { value }) => setUntil(value)} /></Field>}
              <Field label={t('tasks.importance')}>
                <Select value={form.importance} onChange={(_, { value }) => set({ importance: value as Task['importance'] })}>
                  <option value="Low">{t('tasks.low')}</option>
                  <option value="Normal">{t('tasks.normal')}</option>
                  <option value="High">{t('tasks.high')}</option>
                </Select>
              </Field>
            </div>
            <Field label={t('tasks.notes')}><Textarea value={form.notes} rows={4} onChange={(_, { value }) => set({ notes: value })} /></Field>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" disabled={!form.subject.trim() || save.isPending} onClick={() => save.mutate()}>{t('tasks.save')}</Button>
            <Button disabled={remove.isPending} onClick={() => remove.mutate()}>{t('tasks.delete')}</Button>
            <Button onClick={onClose}>{t('tasks.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  ) // prettier-ignore
}

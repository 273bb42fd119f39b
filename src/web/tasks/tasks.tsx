import {
  Button,
  Checkbox,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Subtitle2,
  Text,
  Title3,
  tokens,
} from '@fluentui/react-components'
import { ArrowRepeatAllRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { today } from './recurs.ts'
import { TaskEditor } from './task-editor.tsx'

export type Task = Answer<'findTasks'>['tasks'][number]

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, height: '100%', overflowY: 'auto', boxSizing: 'border-box', padding: tokens.spacingHorizontalL },
  title: { margin: 0 },
  add: { display: 'flex', gap: tokens.spacingHorizontalS, maxWidth: '720px' },
  grow: { flexGrow: 1 },
  list: { listStyleType: 'none', margin: 0, padding: 0, maxWidth: '720px' },
  row: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2 },
  subject: { flexGrow: 1, justifyContent: 'flex-start', textAlign: 'start', minWidth: 0, overflowWrap: 'anywhere', fontWeight: tokens.fontWeightRegular },
  done: { textDecorationLine: 'line-through' },
  late: { color: tokens.colorPaletteRedForeground1 },
}) // prettier-ignore

/** `/owa/tasks`: what is to be done and what was. */
export default function Tasks() {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [subject, setSubject] = useState('')
  const [edited, setEdited] = useState<Task>()
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: ['tasks'] }) }
  const { data, error } = useQuery({ queryKey: ['tasks', 'list'], queryFn: ({ signal }) => ask('findTasks', {}, { signal }) })
  const add = useMutation({
    mutationFn: () => ask('saveTask', { subject, start: '', due: '', importance: 'Normal', recurs: null, notes: '' }),
    onSuccess: () => setSubject(''),
    ...settled,
  })
  const complete = useMutation({ mutationFn: (task: Task) => ask('completeTask', { item: task.id, complete: !task.isComplete }), ...settled }) // prettier-ignore
  const failed = error ?? add.error ?? complete.error
  const tasks = data?.tasks ?? []
  const part = (name: string, rows: Task[]) => rows.length > 0 && (
    <section>
      <Subtitle2 as="h2" className={styles.title}>{name}</Subtitle2>
      <ul className={styles.list} aria-label={name}>
        {rows.map((task) => <TaskRow key={task.id} task={task} onComplete={() => complete.mutate(task)} onEdit={() => setEdited(task)} />)}
      </ul>
    </section>
  ) // prettier-ignore
  return (
    <div className={styles.page}>
      <Title3 as="h1" className={styles.title}>{t('tasks.title')}</Title3>
      <form className={styles.add} onSubmit={(event) => { event.preventDefault(); if (subject.trim()) add.mutate() }}>
        <Input className={styles.grow} aria-label={t('tasks.newTask')} placeholder={t('tasks.newTask')} maxLength={255} value={subject} onChange={(_, { value }) => setSubject(value)} />
        <Button appearance="primary" type="submit" disabled={!subject.trim() || add.isPending}>{t('tasks.add')}</Button>
      </form>
      <div role="alert">{failed && <MessageBar intent="error"><MessageBarBody>{failed.message}</MessageBarBody></MessageBar>}</div>
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data && tasks.every(({ isComplete }) => isComplete) && <Text>{t('tasks.empty')}</Text>}
      {part(t('tasks.open'), tasks.filter(({ isComplete }) => !isComplete))}
      {part(t('tasks.completed'), tasks.filter(({ isComplete }) => isComplete))}
      {edited && <TaskEditor key={edited.id} task={edited} onClose={() => setEdited(undefined)} />}
    </div>
  ) // prettier-ignore
}

function TaskRow({ task, onComplete, onEdit }: { task: Task; onComplete: () => void; onEdit: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { subject, isComplete, due, pattern } = task
  const isLate = !isComplete && due !== '' && due < today()
  return (
    <li className={styles.row}>
      <Checkbox checked={isComplete} aria-label={t('tasks.complete', { subject })} onChange={onComplete} />
      <Button appearance="transparent" className={styles.subject} onClick={onEdit}>
        <span className={isComplete ? styles.done : undefined}>{subject}</span>
      </Button>
      {pattern && <ArrowRepeatAllRegular aria-label={t('tasks.recurs')} />}
      {due && <Text size={200} className={isLate ? styles.late : undefined}>{`${t(isLate ? 'tasks.overdue' : 'tasks.due')}: ${due}`}</Text>}
    </li>
  ) // prettier-ignore
}

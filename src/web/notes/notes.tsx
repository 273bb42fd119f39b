import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, Textarea, Title3, tokens } from '@fluentui/react-components'
import { NoteAddRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { inShort } from '../app/times.ts'

type Note = Answer<'findNotes'>['notes'][number]

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, height: '100%', overflowY: 'auto', boxSizing: 'border-box', padding: tokens.spacingHorizontalL },
  top: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalL },
  title: { margin: 0 },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))', gap: tokens.spacingHorizontalM },
  note: { width: '100%', height: '160px', alignItems: 'flex-start', justifyContent: 'flex-start', flexDirection: 'column', textAlign: 'start', overflow: 'hidden', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontWeight: tokens.fontWeightRegular, backgroundColor: tokens.colorPaletteYellowBackground1, color: tokens.colorNeutralForeground1 },
  words: { flexGrow: 1, overflow: 'hidden' },
  editor: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, maxWidth: '720px' },
  tools: { display: 'flex', gap: tokens.spacingHorizontalS },
}) // prettier-ignore

/** `/owa/notes`: sticky notes. */
export default function Notes() {
  const styles = useStyles()
  const { t } = useTexts()
  const [edited, setEdited] = useState<Note | 'new'>()
  const { data, error } = useQuery({ queryKey: ['notes', 'list'], queryFn: ({ signal }) => ask('findNotes', {}, { signal }) })
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <Title3 as="h1" className={styles.title}>{t('notes.title')}</Title3>
        <Button icon={<NoteAddRegular />} onClick={() => setEdited('new')}>{t('notes.newNote')}</Button>
      </div>
      {error && <Text role="alert">{error.message}</Text>}
      {!data && !error && <Spinner label={t('app.loading')} />}
      {edited && <NoteEditor key={edited === 'new' ? 'new' : edited.id} {...(edited === 'new' ? {} : { note: edited })} onClose={() => setEdited(undefined)} />}
      {data?.notes.length === 0 && <Text>{t('notes.empty')}</Text>}
      <ul className={styles.list} aria-label={t('notes.title')}>
        {data?.notes.map((note) => (
          <li key={note.id}>
            <Button className={styles.note} disabled={!note.isWhole} onClick={() => setEdited(note)}>
              <span className={styles.words}>{note.text || note.subject}</span>
              <Text size={200}>{note.changed !== undefined && t('notes.changed', { when: inShort(note.changed) })}</Text>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  ) // prettier-ignore
}

function NoteEditor({ note, onClose }: { note?: Note; onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [text, setText] = useState(note?.text ?? '')
  const onSuccess = async () => { await queries.invalidateQueries({ queryKey: ['notes'] }); onClose() } // prettier-ignore
  const save = useMutation({
    mutationFn: () => ask('saveNote', { text, ...(note ? { item: note.id, change: note.change } : {}) }),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: (item: number) => ask('removeNote', { item }), onSuccess })
  const failed = save.error ?? remove.error
  return (
    <form className={styles.editor} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <div role="alert">{failed && <MessageBar intent="error"><MessageBarBody>{failed.message}</MessageBarBody></MessageBar>}</div>
      <Textarea aria-label={t('notes.text')} rows={6} maxLength={20_000} value={text} onChange={(_, { value }) => setText(value)} />
      <div className={styles.tools}>
        <Button appearance="primary" type="submit" disabled={!text.trim() || save.isPending}>{t('notes.save')}</Button>
        {note && <Button disabled={remove.isPending} onClick={() => remove.mutate(note.id)}>{t('notes.delete')}</Button>}
        <Button onClick={onClose}>{t('notes.cancel')}</Button>
      </div>
    </form>
  ) // prettier-ignore
}

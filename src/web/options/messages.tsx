import { Button, Checkbox, Field, makeStyles, Radio, RadioGroup, Spinner, Subtitle2, tokens } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Editor } from '@tiptap/react'
import { useRef, useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { RichText } from '../compose/rich-text.tsx'
import { Saved } from './saved.tsx'

type View = Answer<'mailView'>
type Signature = Answer<'composeOptions'>['signature']

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '720px' },
  title: { margin: 0 },
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  text: { backgroundColor: tokens.colorNeutralBackground2, borderRadius: tokens.borderRadiusMedium, minHeight: '120px' },
  save: { alignSelf: 'flex-start' },
}) // prettier-ignore

/** How messages are read, and what they end with. */
export default function Messages() {
  const styles = useStyles()
  const { t } = useTexts()
  const view = useQuery({ queryKey: ['mail', 'view'], queryFn: ({ signal }) => ask('mailView', {}, { signal }) })
  const compose = useQuery({ queryKey: ['compose', 'options'], queryFn: ({ signal }) => ask('composeOptions', {}, { signal }) })
  const error = view.error ?? compose.error
  if (error) return <Saved isDone={false} error={error} />
  if (!view.data || !compose.data) return <Spinner label={t('app.loading')} />
  return (
    <div className={styles.page}>
      <Reading view={view.data} />
      <Signing now={compose.data.signature} />
    </div>
  )
}

function Reading({ view }: { view: View }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [now, setNow] = useState(view)
  const save = useMutation({
    mutationFn: (change: Partial<Pick<View, 'readingPane' | 'conversations'>>) => ask('saveMailView', change),
    onError: () => setNow(view),
    onSettled: () => queries.invalidateQueries({ queryKey: ['mail'] }),
  })
  const choose = (change: Partial<Pick<View, 'readingPane' | 'conversations'>>) => { setNow({ ...now, ...change }); save.mutate(change) } // prettier-ignore
  return (
    <div className={styles.form}>
      <Field label={t('settings.readingPane')}>
        <RadioGroup layout="horizontal" value={now.readingPane} onChange={(_, { value }) => choose({ readingPane: value as View['readingPane'] })}>
          <Radio value="right" label={t('settings.paneRight')} />
          <Radio value="below" label={t('settings.paneBelow')} />
          <Radio value="off" label={t('settings.paneOff')} />
        </RadioGroup>
      </Field>
      <Checkbox label={t('settings.conversations')} checked={now.conversations} onChange={(_, { checked }) => choose({ conversations: checked === true })} />
      <Saved isDone={false} error={save.error} />
    </div>
  ) // prettier-ignore
}

function Signing({ now }: { now: Signature }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [given, setGiven] = useState(now)
  const editor = useRef<Editor | null>(null)
  const save = useMutation({
    mutationFn: () => ask('saveSignature', given),
    onSettled: () => queries.invalidateQueries({ queryKey: ['compose', 'options'] }),
  })
  return (
    <form className={styles.form} aria-labelledby="signature" onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Subtitle2 as="h2" id="signature" className={styles.title}>{t('settings.signature')}</Subtitle2>
      <div className={styles.text}><RichText html={now.html} focused={false} editorRef={editor} onChange={(html) => setGiven((before) => ({ ...before, html }))} onPicture={async () => undefined} /></div>
      <Checkbox label={t('settings.signNew')} checked={given.onNew} onChange={(_, { checked }) => setGiven({ ...given, onNew: checked === true })} />
      <Checkbox label={t('settings.signReplies')} checked={given.onReply} onChange={(_, { checked }) => setGiven({ ...given, onReply: checked === true })} />
      <Button className={styles.save} appearance="primary" type="submit" disabled={save.isPending}>{t('options.save')}</Button>
      <Saved isDone={save.isSuccess} error={save.error} />
    </form>
  ) // prettier-ignore
}

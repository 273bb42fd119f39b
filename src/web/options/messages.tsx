import { Button, Checkbox, Field, makeStyles, Radio, RadioGroup, Spinner, tokens } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { Saved } from './saved.tsx'

type View = Answer<'mailView'>

const SignatureDialog = lazy(() => import('../compose/compose-pane.tsx').then(({ SignatureDialog: dialog }) => ({ default: dialog })))

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '720px' },
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  open: { alignSelf: 'flex-start' },
}) // prettier-ignore

/** How messages are read, and what they end with. */
export function Messages() {
  const styles = useStyles()
  const { t } = useTexts()
  const [signing, setSigning] = useState(false)
  const view = useQuery({ queryKey: ['mail', 'view'], queryFn: ({ signal }) => ask('mailView', {}, { signal }) })
  const compose = useQuery({ queryKey: ['compose', 'options'], queryFn: ({ signal }) => ask('composeOptions', {}, { signal }) })
  const error = view.error ?? compose.error
  if (error) return <Saved isDone={false} error={error} />
  if (!view.data || !compose.data) return <Spinner label={t('app.loading')} />
  return (
    <div className={styles.page}>
      <Reading view={view.data} />
      <Button className={styles.open} onClick={() => setSigning(true)}>
        {t('settings.signature')}
      </Button>
      {signing && (
        <Suspense>
          <SignatureDialog signature={compose.data.signature} onClose={() => setSigning(false)} />
        </Suspense>
      )}
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

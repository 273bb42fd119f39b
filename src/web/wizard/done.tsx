import { Button, Field, Input, makeStyles, MessageBar, MessageBarBody, Spinner, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { CheckmarkCircleFilled, ErrorCircleFilled } from '@fluentui/react-icons'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useSession } from '../app/session.tsx'
import { useTexts } from '../app/texts.ts'
import { WizardPage } from './page.tsx'
import type { Run } from './run.ts'

const useStyles = makeStyles({
  form: { display: 'flex', gap: tokens.spacingHorizontalM, alignItems: 'end', flexWrap: 'wrap' },
  field: { flexGrow: 1, minWidth: '220px' },
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { display: 'grid', gridTemplateColumns: '24px 1fr', gap: tokens.spacingHorizontalS, overflowWrap: 'anywhere' },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
}) // prettier-ignore

type Tested = Answer<'wizardTest'>

/** Everything is set up: a lookup shows that it works, with each of its hops. */
export function Done({ run }: { run: Run }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { address } = useSession()
  const [from, setFrom] = useState<string>(address)
  const [to, setTo] = useState('')
  const test = useMutation({
    mutationFn: () => ask('wizardTest', { from, to, federation: run.answers.federation, oauth: run.answers.oauth }),
  })
  // The token is of no use any more.
  const { signedIn } = run
  useEffect(() => signedIn(undefined), [signedIn])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    test.mutate()
  }
  return (
    <WizardPage title={t('wizard.doneTitle')} intro={t('wizard.doneIntro')} next={{ text: t('wizard.finish'), go: run.restart }}>
      <form className={styles.form} onSubmit={submit}>
        <Field className={styles.field} label={t('wizard.from')}>
          <Input type="email" required maxLength={320} value={from} onChange={(_, { value }) => setFrom(value)} />
        </Field>
        <Field className={styles.field} label={t('wizard.to')}>
          <Input type="email" required maxLength={320} value={to} onChange={(_, { value }) => setTo(value)} />
        </Field>
        <Button type="submit" appearance="primary" disabled={test.isPending || !from || !to}>
          {t('wizard.test')}
        </Button>
      </form>
      {test.isPending && <Spinner label={t('wizard.testing')} />}
      {test.error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{test.error.message}</MessageBarBody>
        </MessageBar>
      )}
      {test.data && <Results tested={test.data} />}
    </WizardPage>
  )
}

function Results({ tested: { tests, trace, refusal } }: { tested: Tested }) {
  const styles = useStyles()
  const { t } = useTexts()
  const outcome = trace?.outcomes[0]
  const isFound = outcome?.code === 'NoError'
  return (
    <>
      <div role="status">
        <MessageBar intent={isFound ? 'success' : 'error'} layout="multiline">
          <MessageBarBody>
            {isFound
              ? t('wizard.found', { address: outcome.address, view: outcome.view, ms: Math.round(trace?.ms ?? 0) })
              : t('wizard.notFound', { why: refusal?.message ?? `${outcome?.code ?? ''} ${outcome?.cause ?? ''}` })}
          </MessageBarBody>
        </MessageBar>
      </div>
      {trace?.branches.map(({ generation, hops }) => (
        <section key={generation} aria-label={t('wizard.hops', { generation })}>
          <Subtitle2 as="h2">{t('wizard.hops', { generation })}</Subtitle2>
          <ol className={styles.list}>
            {hops.map((hop, index) => (
              <li key={index} className={styles.row}>
                <Mark isGood={hop.verdict === 'ok'} />
                <div>
                  <Text>{hop.what}</Text> <Text size={200}>{[hop.status, `${Math.round(hop.ms)} ms`].filter(Boolean).join(' · ')}</Text>
                  {hop.url && <Text block size={200} dir="ltr">{hop.url}</Text>}
                  {hop.cause && <Text block>{`${hop.cause} ${hop.remedy}`}</Text>}
                </div>
              </li>
            ))}
          </ol>
        </section>
      ))}
      <section aria-label={t('wizard.tests')}>
        <Subtitle2 as="h2">{t('wizard.tests')}</Subtitle2>
        <ul className={styles.list}>
          {tests.map(({ cmdlet, id, type, message }, index) => (
            <li key={index} className={styles.row}>
              <Mark isGood={type !== 'Error'} />
              <Text>{[cmdlet, id, message].filter(Boolean).join(' · ')}</Text>
            </li>
          ))}
        </ul>
      </section>
    </>
  ) // prettier-ignore
}

function Mark({ isGood }: { isGood: boolean }) {
  const styles = useStyles()
  const { t } = useTexts()
  return isGood ? (
    <CheckmarkCircleFilled fontSize={20} className={styles.good} aria-label={t('wizard.ready')} />
  ) : (
    <ErrorCircleFilled fontSize={20} className={styles.bad} aria-label={t('wizard.failed')} />
  )
}

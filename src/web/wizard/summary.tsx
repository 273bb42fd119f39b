import { makeStyles, MessageBar, MessageBarBody, Spinner, Subtitle2, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { Changes, useStepName } from './changes.tsx'
import { WizardPage } from './page.tsx'
import { onlineOf, planOf, type Run } from './run.ts'

const useStyles = makeStyles({
  steps: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, margin: 0, padding: 0, listStyleType: 'none' },
})

/** What will change, before it is done. */
export function Summary({ run }: { run: Run }) {
  const styles = useStyles()
  const { t } = useTexts()
  const stepName = useStepName()
  const { data, error } = useQuery({
    queryKey: ['wizard', 'preview', run.answers],
    queryFn: ({ signal }) => ask('wizardPreview', { online: onlineOf(run), plan: planOf(run) }, { signal }),
    staleTime: 0,
    gcTime: 0,
  })
  const steps = data?.steps.filter(({ changes }) => changes.length > 0) ?? []
  return (
    <WizardPage
      title={t('wizard.summaryTitle')}
      intro={t('wizard.summaryIntro')}
      back={run.back}
      next={{ text: t('wizard.run'), go: run.next, isReady: data !== undefined }}
    >
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{error.message}</MessageBarBody>
        </MessageBar>
      )}
      {!data && !error && <Spinner label={t('wizard.comparing')} />}
      {data && steps.length === 0 && (
        <MessageBar intent="success">
          <MessageBarBody>{t('wizard.nothingToDo')}</MessageBarBody>
        </MessageBar>
      )}
      <ul className={styles.steps}>
        {steps.map(({ name, changes }) => (
          <li key={name}>
            <Subtitle2 as="h2">{stepName(name)}</Subtitle2>
            <Changes changes={changes} />
          </li>
        ))}
      </ul>
    </WizardPage>
  )
}

import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  ProgressBar,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { CheckmarkCircleFilled, CircleRegular, ErrorCircleFilled } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import { Changes, useStepName } from './changes.tsx'
import { WizardPage } from './page.tsx'
import type { Run } from './run.ts'
import { useUpdate, type StepDone } from './use-update.ts'

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  row: { display: 'grid', gridTemplateColumns: '24px 1fr', gap: tokens.spacingHorizontalS, alignItems: 'start' },
  good: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  record: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
}) // prettier-ignore

/** Every step as it is done, and what it changed on which side. */
export function Update({ run }: { run: Run }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { steps, at, isOver, failure, goOn } = useUpdate(run)
  const done = steps.filter(({ state }) => state === 'done').length
  return (
    <WizardPage
      title={t('wizard.updateTitle')}
      intro={t('wizard.updateIntro')}
      back={failure ? run.back : undefined}
      next={isOver ? { go: run.next } : undefined}
    >
      <ProgressBar value={steps.length === 0 ? 0 : done / steps.length} thickness="large" color={failure ? 'error' : isOver ? 'success' : 'brand'} aria-label={t('wizard.updateTitle')} />
      <Text role="status">
        {isOver ? t('wizard.updated') : failure ? t('wizard.stopped') : t('wizard.stepOf', { at: Math.min(at + 1, steps.length), of: steps.length })}
      </Text>
      {failure && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{failure}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={goOn}>{t('wizard.goOn')}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <ol className={styles.list}>
        {steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </WizardPage>
  ) // prettier-ignore
}

function Step({ step: { name, state, changes, records, warnings } }: { step: StepDone }) {
  const styles = useStyles()
  const { t } = useTexts()
  const stepName = useStepName()
  return (
    <li className={styles.row}>
      {state === 'doing' ? (
        <Spinner size="tiny" aria-label={t('wizard.doing')} />
      ) : state === 'done' ? (
        <CheckmarkCircleFilled fontSize={20} className={styles.good} aria-label={t('wizard.ready')} />
      ) : state === 'failed' ? (
        <ErrorCircleFilled fontSize={20} className={styles.bad} aria-label={t('wizard.failed')} />
      ) : (
        <CircleRegular fontSize={20} aria-hidden />
      )}
      <div>
        <Text weight={state === 'doing' ? 'semibold' : 'regular'}>{name === 'check' ? t('wizard.stepCheck') : stepName(name)}</Text>
        {state === 'done' && changes.length === 0 && <Text size={200}>{` · ${t('wizard.unchanged')}`}</Text>}
        <Changes changes={changes} />
        {records.map(({ domain, text }) => (
          <MessageBar key={domain} intent="warning" layout="multiline">
            <MessageBarBody>
              {t('wizard.publish', { domain })} <span className={styles.record}>{text}</span>
            </MessageBarBody>
          </MessageBar>
        ))}
        {warnings.map((text) => (
          <Text key={text} as="p" size={200}>
            {text}
          </Text>
        ))}
      </div>
    </li>
  )
}

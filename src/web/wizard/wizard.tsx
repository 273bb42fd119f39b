import { makeStyles, mergeClasses, MessageBar, MessageBarBody, ProgressBar, Spinner, Text, tokens } from '@fluentui/react-components'
import { CheckmarkCircleFilled, CircleRegular, RecordRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { Credentials } from './credentials.tsx'
import { Done } from './done.tsx'
import { Features } from './features.tsx'
import { Gather } from './gather.tsx'
import { firstAnswers, type Here, type OnlineAccount, type Run } from './run.ts'
import { Server } from './server.tsx'
import { Summary } from './summary.tsx'
import { Transport } from './transport.tsx'
import { Update } from './update.tsx'
import { Welcome } from './welcome.tsx'

/** The pages in the order of Microsoft's wizard. */
const pages: readonly { name: TextName; Page: (props: { run: Run }) => React.JSX.Element }[] = [
  { name: 'wizard.welcome', Page: Welcome },
  { name: 'wizard.server', Page: Server },
  { name: 'wizard.credentials', Page: Credentials },
  { name: 'wizard.gather', Page: Gather },
  { name: 'wizard.features', Page: Features },
  { name: 'wizard.transport', Page: Transport },
  { name: 'wizard.summary', Page: Summary },
  { name: 'wizard.update', Page: Update },
  { name: 'wizard.done', Page: Done },
]

const useStyles = makeStyles({
  wizard: { display: 'grid', gridTemplateColumns: '240px 1fr', minHeight: 0, height: '100%', '@media (max-width: 640px)': { gridTemplateColumns: '1fr', gridTemplateRows: 'auto 1fr' } },
  steps: { listStyleType: 'none', margin: 0, paddingInline: tokens.spacingHorizontalL, paddingBlock: tokens.spacingVerticalXL, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, backgroundColor: tokens.colorNeutralBackground2, '@media (max-width: 640px)': { display: 'none' } },
  step: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, color: tokens.colorNeutralForeground2 },
  current: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground1 },
  done: { color: tokens.colorBrandForeground1 },
  phone: { display: 'none', paddingInline: tokens.spacingHorizontalL, paddingBlock: tokens.spacingVerticalS, '@media (max-width: 640px)': { display: 'block' } },
  wait: { padding: tokens.spacingHorizontalXXL },
}) // prettier-ignore

/** `/ecp/hybrid`: the Hybrid Configuration Wizard. */
export default function Wizard() {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({ queryKey: ['wizard', 'here'], queryFn: ({ signal }) => ask('wizardHere', {}, { signal }) })
  if (error) {
    return (
      <MessageBar intent="error">
        <MessageBarBody>{error.message}</MessageBarBody>
      </MessageBar>
    )
  }
  return data ? <Pages here={data} /> : <Spinner className={styles.wait} label={t('app.loading')} />
}

function Pages({ here }: { here: Here }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [at, setAt] = useState(0)
  const [answers, setAnswers] = useState(() => firstAnswers(here))
  const [account, setAccount] = useState<OnlineAccount>()
  const run: Run = {
    ...{ here, answers, account },
    answer: (more) => setAnswers((before) => ({ ...before, ...more })),
    signedIn: setAccount,
    next: () => setAt((before) => Math.min(before + 1, pages.length - 1)),
    back: () => setAt((before) => Math.max(before - 1, 0)),
    restart() {
      setAccount(undefined)
      setAt(0)
    },
  }
  const { Page, name } = pages[at]!
  return (
    <div className={styles.wizard}>
      <div className={styles.phone}>
        <Text size={200}>{t('wizard.place', { at: at + 1, of: pages.length, name: t(name) })}</Text>
        <ProgressBar value={(at + 1) / pages.length} aria-label={t('wizard.steps')} />
      </div>
      <ol className={styles.steps} aria-label={t('wizard.steps')}>
        {pages.map((page, index) => (
          <Step key={page.name} name={page.name} state={index < at ? 'done' : index === at ? 'current' : 'ahead'} />
        ))}
      </ol>
      <Page run={run} />
    </div>
  )
}

function Step({ name, state }: { name: TextName; state: 'done' | 'current' | 'ahead' }) {
  const styles = useStyles()
  const { t } = useTexts()
  const Icon = { done: CheckmarkCircleFilled, current: RecordRegular, ahead: CircleRegular }[state]
  return (
    <li
      className={mergeClasses(styles.step, state === 'current' && styles.current)}
      aria-current={state === 'current' ? 'step' : undefined}
    >
      <Icon fontSize={20} className={state === 'ahead' ? undefined : styles.done} aria-hidden />
      {t(name)}
    </li>
  )
}

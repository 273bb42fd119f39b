import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { BuildingRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { OnlineCard } from './online-card.tsx'
import { WizardPage } from './page.tsx'
import { Panel } from './panel.tsx'
import type { Run } from './run.ts'
import { Verified, Who } from './verified.tsx'

const useStyles = makeStyles({
  cards: { display: 'grid', gridTemplateColumns: '1fr 1fr', gap: tokens.spacingHorizontalL, alignItems: 'stretch', '@media (max-width: 640px)': { gridTemplateColumns: '1fr' } },
}) // prettier-ignore

/** Milliseconds between two looks whether the factors were shown in the other window. */
const again = 2000

/** The two cards: "next" is there when both accounts are verified, each with its second factor. */
export function Credentials({ run }: { run: Run }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { data = run.here } = useQuery({
    queryKey: ['wizard', 'account'],
    queryFn: ({ signal }) => ask('wizardHere', {}, { signal }),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data?.account.state === 'verified' ? 60_000 : again),
  })
  const isVerified = data.account.state === 'verified'
  return (
    <WizardPage
      title={t('wizard.credentialsTitle')}
      intro={t('wizard.credentialsIntro')}
      back={run.back}
      next={{ go: run.next, isReady: isVerified && run.account !== undefined }}
    >
      <div className={styles.cards}>
        <HereCard account={data.account} />
        <OnlineCard run={run} />
      </div>
    </WizardPage>
  )
}

function HereCard({ account }: { account: Run['here']['account'] }) {
  const { t } = useTexts()
  const { name, address, secondFactor, state } = account
  return (
    <Panel name={t('wizard.onPremisesAccount')} detail={t('wizard.signedInHere')} icon={BuildingRegular}>
      <Who name={name} address={address} />
      <div role="status">{state === 'verified' ? <Verified secondFactor={secondFactor} /> : <Text block>{t('wizard.stepUp')}</Text>}</div>
      {state === 'stepUp' && (
        <Button appearance="primary" onClick={() => window.open('/owa/sign-in-again', '_blank')}>
          {t('wizard.showFactor')}
        </Button>
      )}
    </Panel>
  )
}

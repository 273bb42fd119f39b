import { Badge, Button, Card, CardHeader, makeStyles, Text, tokens } from '@fluentui/react-components'
import { BuildingRegular, CheckmarkCircleFilled } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { OnlineCard } from './online-card.tsx'
import { WizardPage } from './page.tsx'
import type { Run } from './run.ts'

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
    <Card role="group" aria-label={t('wizard.onPremisesAccount')}>
      <CardHeader
        image={<BuildingRegular fontSize={32} aria-hidden />}
        header={<Text weight="semibold">{t('wizard.onPremisesAccount')}</Text>}
        description={<Text size={200}>{t('wizard.signedInHere')}</Text>}
      />
      <Text>{name}</Text>
      <Text size={200}>{address}</Text>
      <div role="status">{state === 'verified' ? <Verified secondFactor={secondFactor} /> : <Text as="p">{t('wizard.stepUp')}</Text>}</div>
      {state === 'stepUp' && (
        <Button appearance="primary" onClick={() => window.open('/owa/sign-in-again', '_blank')}>
          {t('wizard.showFactor')}
        </Button>
      )}
    </Card>
  )
}

/** Says that an account was let in, and by what. */
export function Verified({ secondFactor }: { secondFactor: boolean }) {
  const { t } = useTexts()
  return (
    <Badge appearance="tint" color="success" size="large" icon={<CheckmarkCircleFilled />}>
      {secondFactor ? t('wizard.verifiedFactor') : t('wizard.verified')}
    </Badge>
  )
}

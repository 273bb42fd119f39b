import { Badge, makeStyles, MessageBar, MessageBarBody, ProgressBar, Text, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { WizardPage } from './page.tsx'
import { Panel } from './panel.tsx'
import { onlineOf, type Run } from './run.ts'

const useStyles = makeStyles({
  sides: { display: 'grid', gridTemplateColumns: '1fr 1fr', gap: tokens.spacingHorizontalL, alignItems: 'start', '@media (max-width: 640px)': { gridTemplateColumns: '1fr' } },
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  object: { display: 'flex', flexDirection: 'column', overflowWrap: 'anywhere' },
}) // prettier-ignore

type Found = Answer<'wizardLook'>['online']

/** What there is on both sides now. */
export function Gather({ run }: { run: Run }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { answers, answer } = run
  const { data, error } = useQuery({
    queryKey: ['wizard', 'look', answers.onlineUrl, answers.onlineDomain],
    queryFn: ({ signal }) => ask('wizardLook', { online: onlineOf(run) }, { signal }),
    staleTime: 0,
    gcTime: 0,
  })
  useEffect(() => {
    const known = data && (data.online.authService || data.onPremises.authService)
    if (known && !answers.authService) answer({ authService: known })
  }, [data, answers.authService, answer])
  return (
    <WizardPage
      title={t('wizard.gatherTitle')}
      intro={t('wizard.gatherIntro')}
      back={run.back}
      next={{ go: run.next, isReady: data !== undefined }}
    >
      {error && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{error.message}</MessageBarBody>
        </MessageBar>
      )}
      {!data && !error && <ProgressBar aria-label={t('wizard.gatherTitle')} />}
      {data && (
        <div className={styles.sides} role="status">
          <Side name={t('wizard.onPremises')} found={data.onPremises} />
          <Side name={t('wizard.online')} found={data.online} />
        </div>
      )}
    </WizardPage>
  )
}

function Side({ name, found: { domains, objects } }: { name: string; found: Found }) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <Panel name={name} detail={domains.map((one) => one.name).join(', ')}>
      {objects.length === 0 && <Text>{t('wizard.nothingThere')}</Text>}
      <ul className={styles.list}>
        {objects.map(({ kind, name, isEnabled, detail }) => (
          <li key={`${kind} ${name}`} className={styles.object}>
            <Text size={200}>{kind}</Text>
            <span>
              <Text weight="semibold">{name}</Text>{' '}
              {!isEnabled && (
                <Badge appearance="tint" color="danger">
                  {t('wizard.disabled')}
                </Badge>
              )}
            </span>
            <Text size={200}>{detail}</Text>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

import { Field, Input, Text } from '@fluentui/react-components'
import { ServerRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import { WizardPage } from './page.tsx'
import { Panel } from './panel.tsx'
import { isDomain, isOrigin, type Run } from './run.ts'

/** The server on-premises that was found, and where the online organisation is. */
export function Server({ run }: { run: Run }) {
  const { t } = useTexts()
  const { here, answers, answer, next, back } = run
  const { server, organisation, domains } = here
  const change = (more: Partial<typeof answers>) => {
    answer(more)
    // Somebody else's sign-in is nothing at another place.
    run.signedIn(undefined)
  }
  const isUrl = isOrigin(answers.onlineUrl)
  return (
    <WizardPage
      title={t('wizard.serverTitle')}
      intro={t('wizard.serverIntro')}
      back={back}
      next={{ go: next, isReady: isUrl && isDomain(answers.onlineDomain) }}
    >
      <Panel name={server.name} detail={`${organisation} · ${server.version}`} icon={ServerRegular}>
        <Text>{t('wizard.serverDomains', { domains: domains.join(', ') })}</Text>
      </Panel>
      <Field
        label={t('wizard.onlineUrl')}
        hint={t('wizard.onlineUrlHint')}
        required
        {...(answers.onlineUrl && !isUrl ? { validationMessage: t('wizard.noOrigin') } : {})}
      >
        <Input type="url" value={answers.onlineUrl} maxLength={300} onChange={(_, { value }) => change({ onlineUrl: value })} />
      </Field>
      <Field
        label={t('wizard.onlineDomain')}
        hint={t('wizard.onlineDomainHint')}
        required
        {...(answers.onlineDomain && !isDomain(answers.onlineDomain) ? { validationMessage: t('wizard.noDomain') } : {})}
      >
        <Input value={answers.onlineDomain} maxLength={253} onChange={(_, { value }) => change({ onlineDomain: value })} />
      </Field>
    </WizardPage>
  )
}

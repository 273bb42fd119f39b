import { Checkbox, Field, Input, makeStyles, Radio, RadioGroup } from '@fluentui/react-components'
import { useTexts, type TextName } from '../app/texts.ts'
import { WizardPage } from './page.tsx'
import { isOrigin, type Run } from './run.ts'

const features: readonly [string, TextName][] = [
  ['FreeBusy', 'wizard.featureFreeBusy'],
  ['MailTips', 'wizard.featureMailTips'],
  ['SecureMail', 'wizard.featureSecureMail'],
  ['Centralized', 'wizard.featureCentralized'],
  ['OnlineArchive', 'wizard.featureOnlineArchive'],
  ['MessageTracking', 'wizard.featureMessageTracking'],
  ['OWARedirection', 'wizard.featureOwaRedirection'],
  ['Photos', 'wizard.featurePhotos'],
]

const useStyles = makeStyles({ group: { display: 'flex', flexDirection: 'column', alignItems: 'start' } })

const toggled = (list: readonly string[], one: string, isIn: boolean) => (isIn ? [...list, one] : list.filter((each) => each !== one))

/** The domains that both premises share, what they do together, and how they trust each other. */
export function Features({ run }: { run: Run }) {
  const { t } = useTexts()
  const { here, answers, answer } = run
  const offered = [...new Set([...here.domains, ...answers.domains])].filter(
    (domain) => domain !== answers.onlineDomain.trim().toLowerCase(),
  )
  const isAuth = isOrigin(answers.authService)
  return (
    <WizardPage
      title={t('wizard.featuresTitle')}
      intro={t('wizard.featuresIntro')}
      back={run.back}
      next={{ go: run.next, isReady: isAuth && answers.domains.length > 0 }}
    >
      <Group label={t('wizard.domains')}>
        {offered.map((domain) => (
          <Checkbox
            key={domain}
            label={domain}
            checked={answers.domains.includes(domain)}
            onChange={(_, { checked }) => answer({ domains: toggled(answers.domains, domain, checked === true) })}
          />
        ))}
      </Group>
      <Group label={t('wizard.featureList')}>
        {features.map(([name, text]) => (
          <Checkbox
            key={name}
            label={t(text)}
            checked={answers.features.includes(name)}
            onChange={(_, { checked }) => answer({ features: toggled(answers.features, name, checked === true) })}
          />
        ))}
      </Group>
      <Field label={t('wizard.generation')} hint={t('wizard.generationHint')}>
        <RadioGroup
          value={answers.federation ? (answers.oauth ? 'both' : 'federation') : 'oauth'}
          onChange={(_, { value }) => answer({ federation: value !== 'oauth', oauth: value !== 'federation' })}
        >
          <Radio value="both" label={t('wizard.generationBoth')} />
          <Radio value="oauth" label={t('wizard.generationOAuth')} />
          <Radio value="federation" label={t('wizard.generationFederation')} />
        </RadioGroup>
      </Field>
      <Field
        label={t('wizard.authService')}
        hint={t('wizard.authServiceHint')}
        required
        {...(answers.authService && !isAuth ? { validationMessage: t('wizard.noOrigin') } : {})}
      >
        <Input type="url" maxLength={300} value={answers.authService} onChange={(_, { value }) => answer({ authService: value })} />
      </Field>
    </WizardPage>
  )
}

function Group({ label, children }: { label: string; children: React.ReactNode }) {
  const styles = useStyles()
  return (
    <Field label={label}>
      <div role="group" aria-label={label} className={styles.group}>
        {children}
      </div>
    </Field>
  )
}

import { Field, Input, Text } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import { WizardPage } from './page.tsx'
import { isOrigin, type Answers, type Run } from './run.ts'

/** Where the premises reach each other, and where their mail goes. */
export function Transport({ run }: { run: Run }) {
  const { t } = useTexts()
  const { answers, answer } = run
  const hasMail = answers.features.some((feature) => feature === 'SecureMail' || feature === 'Centralized')
  const place = (name: 'url' | 'autodiscover', label: string, hint: string) => (
    <Field label={label} hint={hint} required {...(isOrigin(answers[name]) ? {} : { validationMessage: t('wizard.noOrigin') })}>
      <Input type="url" maxLength={300} value={answers[name]} onChange={(_, { value }) => answer({ [name]: value })} />
    </Field>
  )
  const server = (name: keyof Pick<Answers, 'mail' | 'onlineMail'>, label: string, hint: string) => (
    <Field label={label} hint={hint}>
      <Input maxLength={253} value={answers[name]} onChange={(_, { value }) => answer({ [name]: value })} />
    </Field>
  )
  return (
    <WizardPage
      title={t('wizard.transportTitle')}
      intro={t('wizard.transportIntro')}
      back={run.back}
      next={{ go: run.next, isReady: isOrigin(answers.url) && isOrigin(answers.autodiscover) }}
    >
      {place('url', t('wizard.ownUrl'), t('wizard.ownUrlHint'))}
      {place('autodiscover', t('wizard.autodiscover'), t('wizard.autodiscoverHint'))}
      {hasMail ? (
        <>
          {server('mail', t('wizard.ownMail'), t('wizard.ownMailHint'))}
          {server('onlineMail', t('wizard.onlineMail'), t('wizard.onlineMailHint'))}
        </>
      ) : (
        <Text block>{t('wizard.noMail')}</Text>
      )}
    </WizardPage>
  )
}

import { Field, Input, Select, Text } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import { inShort } from '../app/times.ts'
import { WizardPage } from './page.tsx'
import { isOrigin, type Answers, type Here, type Run } from './run.ts'

/** Where the premises reach each other, and where their mail goes. */
export function Transport({ run }: { run: Run }) {
  const { t } = useTexts()
  const { here, answers, answer } = run
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
          <Certificate known={here.certificates} chosen={answers.certificate} onChoose={(certificate) => answer({ certificate })} />
        </>
      ) : (
        <Text block>{t('wizard.noMail')}</Text>
      )}
    </WizardPage>
  )
}

/** Which certificate the mail server shows to the other side, where it has others than the server's own. */
function Certificate({ known, chosen, onChoose }: { known: Here['certificates']; chosen: string; onChoose: (name: string) => void }) {
  const { t } = useTexts()
  const isGone = chosen !== '' && known.every(({ name }) => name !== chosen)
  if (known.length === 0 && !isGone) return null
  return (
    <Field
      label={t('wizard.certificate')}
      hint={t('wizard.certificateHint')}
      {...(isGone ? { validationMessage: t('wizard.certificateGone') } : {})}
    >
      <Select value={chosen} onChange={(_, { value }) => onChoose(value)}>
        <option value="">{t('wizard.certificateOwn')}</option>
        {isGone && <option value={chosen}>{chosen}</option>}
        {known.map(({ name, title, until }) => (
          <option key={name} value={name}>
            {t('wizard.certificateUntil', { name: title, day: inShort(until) })}
          </option>
        ))}
      </Select>
    </Field>
  )
}

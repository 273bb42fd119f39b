import { Badge, makeStyles, tokens } from '@fluentui/react-components'
import { useTexts, type TextName } from '../app/texts.ts'
import type { Change } from './run.ts'

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  row: { display: 'flex', gap: tokens.spacingHorizontalS, alignItems: 'baseline' },
  command: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  side: { flexShrink: 0 },
}) // prettier-ignore

/** What is changed, by the cmdlet that changes it, on its side. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <ul className={styles.list}>
      {changes.map(({ side, command }) => (
        <li key={`${side} ${command}`} className={styles.row}>
          <Badge appearance="outline" color={side === 'online' ? 'brand' : 'informative'} className={styles.side}>
            {side === 'online' ? t('wizard.online') : t('wizard.onPremises')}
          </Badge>
          <code className={styles.command} dir="ltr">
            {command}
          </code>
        </li>
      ))}
    </ul>
  )
}

/** The steps of the wizard in people's words; one that a newer site has is called as it calls itself. */
const names: Readonly<Record<string, TextName>> = {
  'Accept mail for the online domain on-premises': 'wizard.stepAccept',
  'Write down the hybrid configuration': 'wizard.stepWrite',
  'Federate on-premises': 'wizard.stepFederate',
  'Federate online': 'wizard.stepFederateOnline',
  'Relate the organisations': 'wizard.stepRelate',
  'Trust the auth service on both sides': 'wizard.stepTrust',
  'Give on-premises a certificate for server-to-server tokens': 'wizard.stepCertificate',
  'Register on-premises with the auth service': 'wizard.stepRegister',
  'Enable Exchange as a partner application': 'wizard.stepPartner',
  'Connect the organisations': 'wizard.stepConnect',
  'Trust the online domain': 'wizard.stepOnlineDomain',
  'Route mail from on-premises': 'wizard.stepMail',
  'Route mail from online': 'wizard.stepMailOnline',
}

export function useStepName(): (name: string) => string {
  const { t } = useTexts()
  return (name) => (names[name] ? t(names[name]) : name)
}

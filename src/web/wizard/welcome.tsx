import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { CalendarRegular, MailRegular, PeopleRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import { WizardPage } from './page.tsx'
import type { Run } from './run.ts'

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, margin: 0, padding: 0, listStyleType: 'none' },
  row: { display: 'flex', gap: tokens.spacingHorizontalM, alignItems: 'center' },
}) // prettier-ignore

/** What the wizard is for. */
export function Welcome({ run }: { run: Run }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { isWritten } = run.here.answers
  return (
    <WizardPage title={t('wizard.welcomeTitle')} intro={t('wizard.welcomeIntro')} next={{ go: run.next }}>
      <ul className={styles.list}>
        <li className={styles.row}>
          <CalendarRegular fontSize={24} aria-hidden />
          {t('wizard.welcomeCalendar')}
        </li>
        <li className={styles.row}>
          <MailRegular fontSize={24} aria-hidden />
          {t('wizard.welcomeMail')}
        </li>
        <li className={styles.row}>
          <PeopleRegular fontSize={24} aria-hidden />
          {t('wizard.welcomeTrust')}
        </li>
      </ul>
      <Text block>{isWritten ? t('wizard.welcomeAgain') : t('wizard.welcomeNothing')}</Text>
    </WizardPage>
  )
}

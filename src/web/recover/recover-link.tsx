import { makeStyles, tokens } from '@fluentui/react-components'
import { ArrowUndoRegular } from '@fluentui/react-icons'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../app/texts.ts'

const useStyles = makeStyles({
  link: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, color: tokens.colorBrandForeground1 },
}) // prettier-ignore

/** Above the messages of Deleted Items: the way to what is not there any more. */
export function RecoverLink({ kind }: { kind: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  if (kind !== 'deleteditems') return null
  return (
    <Link to="/owa/recover" className={styles.link}>
      <ArrowUndoRegular aria-hidden /> {t('recover.link')}
    </Link>
  )
}

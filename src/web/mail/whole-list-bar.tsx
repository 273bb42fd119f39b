import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'

const useStyles = makeStyles({ bar: { display: 'flex', justifyContent: 'center', padding: tokens.spacingVerticalXS, backgroundColor: tokens.colorNeutralBackground3 } }) // prettier-ignore

/** Everything in sight is selected: offers all that the list has. */
export function WholeListBar({ total, isFound, onWhole }: { total: number; isFound: boolean; onWhole: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <div className={styles.bar}>
      <Button size="small" onClick={onWhole}>
        {t(isFound ? 'mail.selectWholeFound' : 'mail.selectWhole', { count: total })}
      </Button>
    </div>
  )
}

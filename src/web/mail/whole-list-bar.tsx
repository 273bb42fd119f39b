import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import { isNarrowed, useFirstPage, type ListOf } from './list-pages.ts'

const useStyles = makeStyles({ bar: { display: 'flex', justifyContent: 'center', padding: tokens.spacingVerticalXS, backgroundColor: tokens.colorNeutralBackground3 } }) // prettier-ignore

/** Everything in sight is selected: offers all messages that the list has, of conversations too, as soon as it is known how many they are. */
export function WholeListBar({ list, onWhole }: { list: ListOf; onWhole: (total: number) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { isKnown, total } = useFirstPage({ ...list, conversations: false })
  if (!isKnown) return null
  return (
    <div className={styles.bar}>
      <Button size="small" onClick={() => onWhole(total)}>
        {t(isNarrowed(list) ? 'mail.selectWholeFound' : 'mail.selectWhole', { count: total })}
      </Button>
    </div>
  )
}

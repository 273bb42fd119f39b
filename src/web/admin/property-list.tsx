import { makeStyles, tokens } from '@fluentui/react-components'
import type { Given } from './cmdlets.ts'
import { propertiesOf, shownValue } from './values.ts'

const useStyles = makeStyles({
  list: { display: 'grid', gridTemplateColumns: 'minmax(120px, 2fr) 3fr', gap: tokens.spacingHorizontalS, rowGap: tokens.spacingVerticalXS, margin: 0 },
  name: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  value: { margin: 0, overflowWrap: 'anywhere' },
}) // prettier-ignore

/** All properties of an object. */
export function PropertyList({ object, words }: { object: Given; words: { yes: string; no: string } }) {
  const styles = useStyles()
  return (
    <dl className={styles.list}>
      {propertiesOf(object).flatMap((name) => [
        <dt key={name} className={styles.name}>
          {name}
        </dt>,
        <dd key={`${name}=`} className={styles.value}>
          {shownValue(object, name, words)}
        </dd>,
      ])}
    </dl>
  )
}

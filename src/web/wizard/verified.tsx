import { Badge, makeStyles, Text } from '@fluentui/react-components'
import { CheckmarkCircleFilled } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'

const useStyles = makeStyles({ who: { display: 'flex', flexDirection: 'column', overflowWrap: 'anywhere' } })

/** Whose account it is. */
export function Who({ name, address }: { name: string; address: string }) {
  const styles = useStyles()
  return (
    <div className={styles.who}>
      <Text>{name}</Text>
      {address && <Text size={200}>{address}</Text>}
    </div>
  )
}

/** Says that an account was let in, and by what. */
export function Verified({ secondFactor }: { secondFactor: boolean }) {
  const { t } = useTexts()
  return (
    <Badge appearance="tint" color="success" size="large" icon={<CheckmarkCircleFilled />}>
      {secondFactor ? t('wizard.verifiedFactor') : t('wizard.verified')}
    </Badge>
  )
}

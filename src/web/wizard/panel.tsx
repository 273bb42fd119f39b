import { makeStyles, Text, tokens } from '@fluentui/react-components'
import type { FluentIcon } from '@fluentui/react-icons'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, alignItems: 'stretch', padding: tokens.spacingHorizontalL, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow4, minWidth: 0 },
  head: { display: 'flex', gap: tokens.spacingHorizontalM, alignItems: 'center' },
  icon: { color: tokens.colorBrandForeground1, flexShrink: 0 },
  texts: { display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
}) // prettier-ignore

interface PanelProps {
  name: string
  detail: string
  icon?: FluentIcon
  children: ReactNode
}

/** A card: what it is about, and what there is to it. */
export function Panel({ name, detail, icon: Icon, children }: PanelProps) {
  const styles = useStyles()
  return (
    <div className={styles.panel} role="group" aria-label={name}>
      <div className={styles.head}>
        {Icon && <Icon fontSize={32} className={styles.icon} aria-hidden />}
        <div className={styles.texts}>
          <Text weight="semibold" size={400}>
            {name}
          </Text>
          <Text size={200}>{detail}</Text>
        </div>
      </div>
      {children}
    </div>
  )
}

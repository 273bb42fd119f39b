import { Button, makeStyles, Text, tokens, typographyStyles } from '@fluentui/react-components'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTexts } from '../app/texts.ts'

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', minHeight: 0, height: '100%' },
  content: { flexGrow: 1, minHeight: 0, overflowY: 'auto', display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, paddingInline: tokens.spacingHorizontalXXL, paddingBlock: tokens.spacingVerticalXL, maxWidth: '860px', boxSizing: 'border-box', '> *': { flexShrink: 0 }, '@media (max-width: 640px)': { paddingInline: tokens.spacingHorizontalL } },
  title: { ...typographyStyles.title2, margin: 0, outlineStyle: 'none' },
  foot: { display: 'flex', justifyContent: 'flex-end', gap: tokens.spacingHorizontalS, paddingInline: tokens.spacingHorizontalXXL, paddingBlock: tokens.spacingVerticalM, borderTopWidth: '1px', borderTopStyle: 'solid', borderTopColor: tokens.colorNeutralStroke2 },
}) // prettier-ignore

interface PageProps {
  title: string
  intro: string
  children?: ReactNode
  back?: (() => void) | undefined
  next?: { text?: string; go: () => void; isReady?: boolean } | undefined
}

/** A page of the wizard: its heading, which is where the keyboard comes to, what it asks, and the ways on. */
export function WizardPage({ title, intro, children, back, next }: PageProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [title])
  return (
    <section className={styles.page} aria-labelledby="wizard-title">
      <div className={styles.content} tabIndex={0} role="group" aria-labelledby="wizard-title">
        <h1 id="wizard-title" ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        <Text block>{intro}</Text>
        {children}
      </div>
      <div className={styles.foot}>
        {back && <Button onClick={back}>{t('wizard.back')}</Button>}
        {next && (
          <Button appearance="primary" disabled={next.isReady === false} onClick={next.go}>
            {next.text ?? t('wizard.next')}
          </Button>
        )}
      </div>
    </section>
  )
}

import { makeStyles, MessageBar, MessageBarBody, ProgressBar, tokens } from '@fluentui/react-components'
import { CheckmarkCircleRegular, ErrorCircleRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import { PropertyList } from './property-list.tsx'
import type { Runs } from './runs.ts'
import { Waiting } from './waiting.tsx'

const useStyles = makeStyles({
  whole: {
    display: 'grid',
    alignSelf: 'stretch',
    flexShrink: 0,
    gap: tokens.spacingVerticalS,
    paddingInline: tokens.spacingHorizontalXXL,
    paddingBlock: tokens.spacingVerticalS,
    maxHeight: '45%',
    overflowY: 'auto',
  },
  heard: { display: 'grid', gap: tokens.spacingVerticalS },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: tokens.spacingVerticalXS },
  row: { display: 'flex', gap: tokens.spacingHorizontalS, alignItems: 'start', overflowWrap: 'anywhere' },
  good: { color: tokens.colorStatusSuccessForeground1, flexShrink: 0 },
  bad: { color: tokens.colorStatusDangerForeground1, flexShrink: 0 },
})

/** How far runs are, and what came of each. */
export function RunResults({ runs: { results, total, running, progress, given } }: { runs: Runs }) {
  const styles = useStyles()
  const { t } = useTexts()
  if (total === 0) return null
  const [only] = results
  const words = { yes: t('admin.yes'), no: t('admin.no') }
  return (
    <div className={styles.whole}>
      {running && total > 1 && <ProgressBar value={results.length} max={total} aria-label={t('admin.results')} />}
      {running && <Waiting key={results.length} {...{ progress, given }} />}
      {/* Heard when something is done; the clock is not. */}
      <div className={styles.heard} role="status">
        {total > 1 && <span>{t('admin.doneOf', { done: results.length, total })}</span>}
        {total > 1 && (
          <ul className={styles.list} aria-label={t('admin.results')}>
            {results.map(({ target, error, warnings }) => (
              <li key={target} className={styles.row}>
                {error === undefined ? <CheckmarkCircleRegular className={styles.good} aria-label={t('admin.done')} /> : <ErrorCircleRegular className={styles.bad} aria-label={t('admin.failed')} />}
                <span>{[target, error, ...warnings].filter(Boolean).join(': ')}</span>
              </li>
            ))}
          </ul>
        )}
        {total === 1 && only?.error !== undefined && <Bar intent="error" text={only.error} />}
        {total === 1 && only?.warnings.map((text) => <Bar key={text} intent="warning" text={text} />)}
        {total === 1 && only && only.error === undefined && only.warnings.length === 0 && <Bar intent="success" text={t('admin.done')} />}
        {total === 1 && only?.objects.slice(0, 50).map((object, at) => <PropertyList key={at} object={object} words={words} />)}
      </div>
    </div>
  ) // prettier-ignore
}

function Bar({ intent, text }: { intent: 'error' | 'warning' | 'success'; text: string }) {
  return (
    <MessageBar intent={intent} layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  )
}

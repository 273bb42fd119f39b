import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from '@fluentui/react-components'
import type { Answer } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'

type Outcome = Answer<'restoreItems'>['outcomes'][number]
type Why = NonNullable<Outcome['why']>
/** What became of one item, or how many went for good. */
export type Result = { purged: number } | { subject: string; refused?: string; to?: readonly string[]; why?: Why }

const sentences: Readonly<Record<Why, TextName>> = {
  OriginalFolder: 'recover.resultOriginal',
  NoLastFolder: 'recover.resultUnknown',
  LastFolderGone: 'recover.resultGone',
  TargetFolder: 'recover.resultTarget',
  AlreadyRestored: 'recover.resultAlready',
}
const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, maxHeight: '30vh', overflowY: 'auto', overflowWrap: 'anywhere' },
  bar: { flexShrink: 0 },
})

/** Says of each item where it is now, and why there. */
export function Results({ results }: { results: readonly Result[] }) {
  const styles = useStyles()
  const { t } = useTexts()
  const sentence = (result: Result) => {
    if ('purged' in result) return t('recover.purged', { count: result.purged })
    const subject = result.subject || t('recover.noSubject')
    if (result.refused !== undefined || !result.why) return t('recover.resultRefused', { subject, reason: result.refused ?? '' })
    return t(sentences[result.why], { subject, folder: (result.to ?? []).join(' / ') })
  }
  const isWhole = results.every((result) => 'purged' in result || result.refused === undefined)
  return (
    <div role="status">
      {results.length > 0 && (
        <MessageBar intent={isWhole ? 'success' : 'warning'} layout="multiline" className={styles.bar}>
          <MessageBarBody>
            <MessageBarTitle>{t('recover.results')}</MessageBarTitle>
            <ul className={styles.list} tabIndex={0} aria-label={t('recover.results')}>
              {results.map((result, at) => <li key={at}>{sentence(result)}</li>) /* prettier-ignore */}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}

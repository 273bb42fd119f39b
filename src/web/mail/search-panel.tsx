import { Button, Input, makeStyles, Select, ToggleButton, tokens } from '@fluentui/react-components'
import { AttachRegular, MailUnreadRegular } from '@fluentui/react-icons'
import { useTexts, type TextName } from '../app/texts.ts'
import { mostFrom, type Refiners } from './search-query.ts'

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS, alignItems: 'center' },
  chip: { minWidth: 'auto', borderRadius: tokens.borderRadiusCircular },
  from: { width: '130px' },
}) // prettier-ignore

/** What Exchange's clients write (AQS), in words for people. */
const hints: readonly (readonly [query: string, TextName])[] = [
  ['from:', 'mail.hintFrom'],
  ['to:', 'mail.hintTo'],
  ['subject:', 'mail.hintSubject'],
]
const dates: readonly (readonly [query: string, TextName])[] = [
  ['', 'mail.dateAny'],
  ['today', 'mail.dateToday'],
  ['yesterday', 'mail.dateYesterday'],
  ['this week', 'mail.dateWeek'],
  ['last week', 'mail.dateLastWeek'],
  ['this month', 'mail.dateMonth'],
  ['last month', 'mail.dateLastMonth'],
  ['this year', 'mail.dateYear'],
]

interface SearchPanelProps {
  everywhere: boolean
  refiners: Refiners
  onEverywhere: (everywhere: boolean) => void
  onHint: (hint: string) => void
  /** `now`: it is searched at once. */
  onRefine: (refiners: Refiners, now: boolean) => void
}

/** Where is searched, what a search can be narrowed by, and what can be written in it. */
export function SearchPanel({ everywhere, refiners, onEverywhere, onHint, onRefine }: SearchPanelProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const refine = (changes: Partial<Refiners>, now = true) => onRefine({ ...refiners, ...changes }, now)
  return (
    <>
      <div className={styles.line} role="group" aria-label={t('mail.searchIn')}>
        <ToggleButton size="small" className={styles.chip} checked={!everywhere} onClick={() => onEverywhere(false)}>{t('mail.thisFolder')}</ToggleButton>
        <ToggleButton size="small" className={styles.chip} checked={everywhere} onClick={() => onEverywhere(true)}>{t('mail.wholeMailbox')}</ToggleButton>
      </div>
      <div className={styles.line} role="group" aria-label={t('mail.searchHints')}>
        {hints.map(([hint, text]) => <Button key={hint} size="small" className={styles.chip} title={hint} onClick={() => onHint(hint)}>{`${t(text)}:`}</Button>)}
      </div>
      <div className={styles.line} role="group" aria-label={t('mail.refiners')}>
        <ToggleButton size="small" className={styles.chip} icon={<AttachRegular />} checked={refiners.files} onClick={() => refine({ files: !refiners.files })}>{t('mail.refineFiles')}</ToggleButton>
        <ToggleButton size="small" className={styles.chip} icon={<MailUnreadRegular />} checked={refiners.unread} onClick={() => refine({ unread: !refiners.unread })}>{t('mail.refineUnread')}</ToggleButton>
        <Input size="small" className={styles.from} value={refiners.from} maxLength={mostFrom} placeholder={t('mail.refineFrom')} aria-label={t('mail.refineFrom')} onChange={(_, { value }) => refine({ from: value }, false)} onKeyDown={({ key }) => key === 'Enter' && refine({})} onBlur={() => refine({})} />
        <Select size="small" value={refiners.date} aria-label={t('mail.refineDate')} onChange={(_, { value }) => refine({ date: value })}>
          {dates.map(([date, text]) => <option key={date} value={date}>{t(text)}</option>)}
        </Select>
      </div>
    </>
  ) // prettier-ignore
}

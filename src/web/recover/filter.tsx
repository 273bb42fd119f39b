import { Field, Input, makeStyles, SearchBox, Select, tokens } from '@fluentui/react-components'
import type { Question } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'

/** What is looked for. */
export type Wanted = Omit<Question<'findRecoverable'>, 'limit'>
type Kind = NonNullable<Wanted['kind']>

const day = 86_400_000
const kinds: readonly Kind[] = ['message', 'meeting', 'appointment', 'contact', 'list', 'task', 'note']
const useStyles = makeStyles({
  row: { display: 'grid', gridTemplateColumns: '2fr 1fr 1fr 1fr', gap: tokens.spacingHorizontalM, alignItems: 'end', maxWidth: '900px', '@media (max-width: 640px)': { gridTemplateColumns: '1fr 1fr' } },
  field: { minWidth: 0 },
  input: { minWidth: 0, maxWidth: 'none' },
}) // prettier-ignore

/** The text of a kind of item. */
export const kindText = (kind: Kind | undefined): TextName => (kind ? `recover.${kind}` : 'recover.none')

/** Midnight of a date as people here count it; an empty field says nothing. */
const midnight = (date: string): number | undefined => (date === '' ? undefined : new Date(`${date}T00:00`).getTime())

/** By text, kind, and days of the deletion. */
export function Filter({ wanted, onWanted }: { wanted: Wanted; onWanted: (wanted: Wanted) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const choose = (change: Wanted) => onWanted(Object.fromEntries(Object.entries({ ...wanted, ...change }).filter(([, value]) => value !== undefined && value !== ''))) // prettier-ignore
  const until = (date: string) => {
    const start = midnight(date)
    return start === undefined ? undefined : start + day - 1
  }
  return (
    <div className={styles.row} role="search">
      <Field label={t('recover.search')} className={styles.field}>
        <SearchBox className={styles.input} onChange={(_, { value }) => choose({ text: value })} />
      </Field>
      <Field label={t('recover.kind')} className={styles.field}>
        <Select onChange={(_, { value }) => choose({ kind: value === '' ? undefined : (value as Kind) })}>
          <option value="">{t('recover.all')}</option>
          {kinds.map((kind) => <option key={kind} value={kind}>{t(kindText(kind))}</option>) /* prettier-ignore */}
        </Select>
      </Field>
      <Field label={t('recover.fromDate')} className={styles.field}>
        <Input type="date" className={styles.input} onChange={(_, { value }) => choose({ from: midnight(value) })} />
      </Field>
      <Field label={t('recover.toDate')} className={styles.field}>
        <Input type="date" className={styles.input} onChange={(_, { value }) => choose({ to: until(value) })} />
      </Field>
    </div>
  )
}

import { Button, Field, Input, makeStyles, Select, Text, Textarea, tokens } from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { choices, type Filled, type Kind, type PartName } from './rule-parts.ts'

const useStyles = makeStyles({
  part: { border: 'none', margin: 0, padding: 0, minWidth: 0, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  legend: { fontWeight: tokens.fontWeightSemibold, padding: 0 },
  row: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS },
  fields: { flexGrow: 1, minWidth: 0, display: 'flex', gap: tokens.spacingHorizontalS, flexWrap: 'wrap' },
  grow: { flexGrow: 1, minWidth: 0 },
}) // prettier-ignore

type Name = 'conditions' | 'exceptions' | 'actions'
const adding = { conditions: 'settings.addCondition', exceptions: 'settings.addException', actions: 'settings.addAction' } as const

/** The conditions, the exceptions or the actions of a rule: those that were chosen, and one more. */
export function RulePart({
  name,
  rows,
  filled,
  onChange,
}: {
  name: Name
  rows: Partial<Record<PartName, Kind>>
  filled: Filled
  onChange: (filled: Filled) => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const chosen = Object.keys(filled) as PartName[]
  const left = (Object.keys(rows) as PartName[]).filter((one) => !chosen.includes(one))
  const without = (part: PartName) => onChange(Object.fromEntries(Object.entries(filled).filter(([one]) => one !== part)) as Filled)
  return (
    <fieldset className={styles.part}>
      <legend className={styles.legend}>{t(`settings.${name}`)}</legend>
      {name === 'conditions' && chosen.length === 0 && <Text>{t('settings.everyMessage')}</Text>}
      {chosen.map((part) => (
        <div key={part} className={styles.row}>
          <PartFields part={part} kind={rows[part]!} fields={filled[part]!} onChange={(fields) => onChange({ ...filled, [part]: fields })} />
          <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('settings.removePart', { name: t(`settings.${part}`) })} onClick={() => without(part)} />
        </div>
      ))}
      {/* The choice is made anew each time. */}
      <Select key={chosen.length} aria-label={t(adding[name])} defaultValue="" onChange={(_, { value }) => value && onChange({ ...filled, [value]: [] })}>
        <option value="">{t(adding[name])}</option>
        {left.map((one) => <option key={one} value={one}>{t(`settings.${one}`)}</option>)}
      </Select>
    </fieldset>
  ) // prettier-ignore
}

function PartFields({ part, kind, fields, onChange }: { part: PartName; kind: Kind; fields: readonly string[]; onChange: (fields: string[]) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const label = t(`settings.${part}`)
  const [first = '', second = ''] = fields
  if (kind === 'flag') return <Text className={styles.grow}>{label}</Text>
  if (kind === 'words' || kind === 'people') {
    return <Field className={styles.grow} label={label} hint={t('settings.linePerEntry')}><Textarea value={first} rows={2} maxLength={30_000} onChange={(_, { value }) => onChange([value])} /></Field>
  }
  if (kind === 'folder') return <Field className={styles.grow} label={label}><FolderChoice value={first} onChange={(value) => onChange([value])} /></Field>
  if (kind === 'dates' || kind === 'sizes') {
    const names: TextName[] = kind === 'dates' ? ['settings.from', 'settings.to'] : ['settings.least', 'settings.most']
    const type = kind === 'dates' ? 'date' : 'number'
    const field = (at: 0 | 1) => <Field label={`${label}: ${t(names[at]!)}`}><Input type={type} value={at === 0 ? first : second} onChange={(_, { value }) => onChange(at === 0 ? [value, second] : [first, value])} /></Field>
    return <div className={styles.fields}>{field(0)}{field(1)}</div>
  }
  return (
    <Field className={styles.grow} label={label}>
      <Select value={first} onChange={(_, { value }) => onChange([value])}>
        <option value="">{t('settings.choose')}</option>
        {choices[kind].map((one) => <option key={one} value={one}>{t(`settings.${one}`)}</option>)}
      </Select>
    </Field>
  )
} // prettier-ignore

function FolderChoice({ value, onChange, ...field }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTexts()
  const { data } = useQuery({ queryKey: ['mail', 'folders'], queryFn: ({ signal }) => ask('findFolders', {}, { signal }) })
  const folders = data?.folders.filter(({ folderClass }) => folderClass === null || folderClass.startsWith('IPF.Note')) ?? []
  return (
    <Select {...field} value={value} onChange={(_, { value: chosen }) => onChange(chosen)}>
      <option value="">{t('settings.choose')}</option>
      {folders.map(({ ref, name }) => <option key={ref.id} value={String(ref.id)}>{name}</option>)}
    </Select>
  ) // prettier-ignore
}

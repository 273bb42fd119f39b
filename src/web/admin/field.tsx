import { Checkbox, Field as Labelled, Input, makeStyles, Select, Textarea, tokens } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import type { ParameterDescription } from './cmdlets.ts'

interface FieldProps {
  parameter: ParameterDescription
  /** As it is; absent = not known, or nothing. */
  before?: unknown
  /** What was written; undefined = it stays as it is. */
  value: unknown
  onChange: (value: unknown) => void
  /** A list is added to or taken from, besides being replaced. */
  canChange?: boolean
}

const useStyles = makeStyles({
  list: { display: 'grid', gap: tokens.spacingVerticalXS },
  mono: { fontFamily: tokens.fontFamilyMonospace },
})

/** One parameter of a cmdlet as a field: its type, bounds and choices decide which. */
export function Field({ parameter, before, value, onChange, canChange = false }: FieldProps) {
  const { name, summary, mandatory = false, type } = parameter
  if (type === 'switch') {
    return <Labelled hint={summary}><Checkbox label={name} checked={value === undefined ? before === true : value === true} onChange={(_, { checked }) => onChange(checked === true || before === true ? checked === true : undefined)} /></Labelled> // prettier-ignore
  }
  return (
    <Labelled label={name} hint={<Hint parameter={parameter} />} required={mandatory}>
      {(aria) => <Control {...{ parameter, before, value, onChange, canChange }} aria={aria} />}
    </Labelled>
  )
}

function Hint({ parameter: { summary, range, default: usual } }: { parameter: ParameterDescription }) {
  const { t } = useTexts()
  const bounds = [range?.least && t('admin.least', { value: range.least }), range?.most && t('admin.most', { value: range.most })]
  return [summary, ...bounds, usual && t('admin.usual', { value: usual })].filter(Boolean).join(' ')
}

type Aria = { id?: string; 'aria-labelledby'?: string; 'aria-describedby'?: string; required?: boolean }

function Control({ parameter, before, value, onChange, canChange = false, aria }: FieldProps & { aria: Aria }) {
  const { type, many, values } = parameter
  if (many) return <ListControl {...{ parameter, before, value, onChange, canChange, aria }} />
  if (type === 'boolean' || values) return <Choice {...{ parameter, before, value, onChange, aria }} />
  if (type === 'credential') return <Credential value={value} onChange={onChange} aria={aria} />
  if (type === 'file') return <FileControl onChange={onChange} aria={aria} />
  const text = textOf(value === undefined ? before : value)
  const write = (written: string) => {
    if (written === textOf(before)) onChange(undefined)
    else if (written === '') onChange(parameter.nullable ? null : '')
    else onChange(written)
  }
  if (type === 'instant') {
    const shown = text === '' ? '' : localTime(new Date(text))
    return <Input {...aria} type="datetime-local" value={shown} onChange={(_, { value: written }) => write(written === '' ? '' : new Date(written).toISOString())} /> // prettier-ignore
  }
  const isSecret = type === 'secureString'
  return <Input {...aria} type={isSecret ? 'password' : 'text'} autoComplete={isSecret ? 'new-password' : 'off'} inputMode={type === 'number' ? 'numeric' : undefined} value={text} onChange={(_, { value: written }) => write(written)} /> // prettier-ignore
}

function Choice({ parameter: { type, values = [] }, before, value, onChange, aria }: FieldProps & { aria: Aria }) {
  const { t } = useTexts()
  const isTruth = type === 'boolean'
  const choices = isTruth ? ['true', 'false'] : values
  const word = (one: string) => (isTruth ? t(one === 'true' ? 'admin.yes' : 'admin.no') : one)
  const now = value === undefined ? before : value
  return (
    <Select {...aria} value={now === undefined || now === null ? '' : String(now)} onChange={(_, { value: chosen }) => onChange(chosen === '' || chosen === String(before) ? undefined : isTruth ? chosen === 'true' : chosen)}>
      <option value="">{t('admin.asItIs')}</option>
      {choices.map((one) => <option key={one} value={one}>{word(one)}</option>)}
    </Select>
  ) // prettier-ignore
}

type Way = 'all' | 'Add' | 'Remove'

function ListControl({ parameter, before, value, onChange, canChange, aria }: FieldProps & { aria: Aria }) {
  const styles = useStyles()
  const { t } = useTexts()
  const change =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Partial<Record<Way, unknown[]>>) : undefined
  const way: Way = change ? ('Add' in change ? 'Add' : 'Remove') : 'all'
  const shown = change ? change[way] : value === undefined ? before : value
  const lines = Array.isArray(shown) ? shown.map(String).join('\n') : textOf(shown)
  const write = (to: Way, text: string) => {
    const list = text === '' ? [] : text.split('\n')
    if (to !== 'all') return onChange({ [to]: list })
    onChange(text === '' && before === undefined ? undefined : list)
  }
  const hint = parameter.values ? `${t('admin.oneALine')} ${parameter.values.join(', ')}` : t('admin.oneALine')
  return (
    <div className={styles.list}>
      {canChange && parameter.changes && (
        <Select aria-label={t('admin.howListChanges', { name: parameter.name })} value={way} onChange={(_, { value: to }) => write(to as Way, to === 'all' ? textOf(before) : '')}>
          <option value="all">{t('admin.replaceAll')}</option>
          <option value="Add">{t('admin.addToIt')}</option>
          <option value="Remove">{t('admin.takeFromIt')}</option>
        </Select>
      )}
      <Textarea {...aria} resize="vertical" placeholder={hint} value={lines} onChange={(_, { value: text }) => write(way, text)} />
    </div>
  ) // prettier-ignore
}

function Credential({ value, onChange, aria }: { value: unknown; onChange: (value: unknown) => void; aria: Aria }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { UserName = '', Password = '' } = (value ?? {}) as { UserName?: string; Password?: string }
  const write = (next: { UserName: string; Password: string }) => onChange(next.UserName === '' && next.Password === '' ? undefined : next)
  return (
    <div className={styles.list}>
      <Input {...aria} autoComplete="off" placeholder={t('admin.userName')} value={UserName} onChange={(_, { value: text }) => write({ UserName: text, Password })} />
      <Input type="password" autoComplete="new-password" aria-label={t('admin.password')} placeholder={t('admin.password')} value={Password} onChange={(_, { value: text }) => write({ UserName, Password: text })} />
    </div>
  ) // prettier-ignore
}

function FileControl({ onChange, aria }: { onChange: (value: unknown) => void; aria: Aria }) {
  const read = async (file: File | undefined) => onChange(file ? new Uint8Array(await file.arrayBuffer()).toBase64() : undefined)
  return <input {...aria} type="file" onChange={({ target }) => void read(target.files?.[0])} />
}

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.map(String).join('\n') : String(value)
}

/** As `datetime-local` takes it. */
function localTime(instant: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return Number.isNaN(instant.getTime()) ? '' : `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}T${two(instant.getHours())}:${two(instant.getMinutes())}` // prettier-ignore
}

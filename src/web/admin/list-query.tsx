import { Button, Input, makeStyles, SearchBox, Select, Field as Labelled, tokens } from '@fluentui/react-components'
import { useState } from 'react'
import { useTexts } from '../app/texts.ts'
import type { CmdletDescription, Parameters } from './cmdlets.ts'
import { Field } from './field.tsx'
import { sent } from './fields.ts'

const useStyles = makeStyles({
  form: { display: 'flex', flexWrap: 'wrap', alignItems: 'end', gap: tokens.spacingHorizontalM, paddingInline: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS },
  wide: { flexGrow: 1, minWidth: '180px', maxWidth: '460px' },
  field: { minWidth: '150px', maxWidth: '260px' },
}) // prettier-ignore

export const sizes = [100, 1000, 5000] as const
/** How many a list asks for at first, where its cmdlet can be told. */
export const usualSize = 1000

interface ListQueryProps {
  cmdlet: CmdletDescription
  asks: readonly string[]
  given: Parameters
  onAsk: (given: Parameters) => void
}

/** What a list is asked with: parameters of its own cmdlet. */
export function ListQuery({ cmdlet, asks, given, onAsk }: ListQueryProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const [written, setWritten] = useState(given)
  const takes = (name: string) => cmdlet.parameters.find((one) => one.name === name)
  const set = (name: string, value: unknown) => setWritten({ ...written, [name]: value === '' ? undefined : value })
  const fields = asks.flatMap((name) => takes(name) ?? [])
  if (!takes('Anr') && !takes('Filter') && !takes('ResultSize') && fields.length === 0) return null
  return (
    <form
      className={styles.form}
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        onAsk(sent(written))
      }}
    >
      {takes('Anr') && <SearchBox className={styles.wide} aria-label={t('admin.search')} placeholder={t('admin.search')} value={textOf(written.Anr)} onChange={(_, { value }) => set('Anr', value)} />}
      {takes('Filter') && <Labelled label={t('admin.filter')} className={styles.wide}><Input dir="ltr" placeholder="Name -like 'm*'" value={textOf(written.Filter)} onChange={(_, { value }) => set('Filter', value)} /></Labelled>}
      {fields.map((parameter) => <div key={parameter.name} className={styles.field}><Field parameter={{ name: parameter.name, type: parameter.type, ...(parameter.many && parameter.values ? {} : { many: false }), ...(parameter.values ? { values: parameter.values, many: false } : {}) }} value={written[parameter.name]} onChange={(value) => set(parameter.name, value)} /></div>)}
      {takes('ResultSize') && (
        <Labelled label={t('admin.resultSize')}>
          <Select value={String(written.ResultSize ?? usualSize)} onChange={(_, { value }) => set('ResultSize', Number(value))}>
            {sizes.map((size) => <option key={size}>{size}</option>)}
          </Select>
        </Labelled>
      )}
      <Button type="submit">{t('admin.show')}</Button>
    </form>
  ) // prettier-ignore
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

import { makeStyles, ProgressBar, Spinner, Text, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { culture } from '../app/culture.ts'
import { useTexts } from '../app/texts.ts'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({ page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '480px' } })

const units = [[1024 ** 3, 'gigabyte'], [1024 ** 2, 'megabyte'], [1024, 'kilobyte']] as const // prettier-ignore
/** Bytes in a unit that people read. */
function size(bytes: number): string {
  const [whole, unit] = units.find(([least]) => bytes >= least) ?? [1, 'byte']
  return new Intl.NumberFormat(culture(), { style: 'unit', unit, maximumFractionDigits: 1 }).format(bytes / whole)
}

/** How much lies in the mailbox, and how much may. */
export function Storage() {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({ queryKey: ['options', 'storage'], queryFn: ({ signal }) => ask('storage', {}, { signal }) })
  if (!data) return error ? <Saved isDone={false} error={error} /> : <Spinner label={t('app.loading')} />
  const most = data.prohibitSendReceive ?? data.prohibitSend ?? data.warning
  const used = t('settings.used', { size: size(data.size), items: data.items })
  const limits = (['warning', 'prohibitSend', 'prohibitSendReceive'] as const).filter((name) => data[name] !== undefined)
  return (
    <div className={styles.page}>
      <Text>{used}</Text>
      {most !== undefined && <ProgressBar value={Math.min(most, data.size)} max={most} aria-label={t('settings.storage')} aria-valuetext={used} />}
      {limits.length === 0 && <Text>{t('settings.noLimit')}</Text>}
      {limits.map((name) => <Text key={name}>{t(`settings.${name}`, { size: size(data[name]!) })}</Text>)}
      <Text>{t('settings.deletedSize', { size: size(data.deletedSize), items: data.deletedItems })}</Text>
    </div>
  ) // prettier-ignore
}

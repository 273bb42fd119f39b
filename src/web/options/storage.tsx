import { makeStyles, ProgressBar, Spinner, Text, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { sizeText } from '../app/sizes.ts'
import { useTexts } from '../app/texts.ts'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({ page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '480px' } })

/** How much lies in the mailbox, and how much may. */
export function Storage() {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({ queryKey: ['options', 'storage'], queryFn: ({ signal }) => ask('storage', {}, { signal }) })
  if (!data) return error ? <Saved isDone={false} error={error} /> : <Spinner label={t('app.loading')} />
  const most = data.prohibitSendReceive ?? data.prohibitSend ?? data.warning
  const used = t('settings.used', { size: sizeText(data.size), items: data.items })
  const limits = (['warning', 'prohibitSend', 'prohibitSendReceive'] as const).filter((name) => data[name] !== undefined)
  return (
    <div className={styles.page}>
      <Text>{used}</Text>
      {most !== undefined && <ProgressBar value={Math.min(most, data.size)} max={most} aria-label={t('settings.storage')} aria-valuetext={used} />}
      {limits.length === 0 && <Text>{t('settings.noLimit')}</Text>}
      {limits.map((name) => <Text key={name}>{t(`settings.${name}`, { size: sizeText(data[name]!) })}</Text>)}
      <Text>{t('settings.deletedSize', { size: sizeText(data.deletedSize), items: data.deletedItems })}</Text>
    </div>
  ) // prettier-ignore
}

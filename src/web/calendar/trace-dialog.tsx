import { makeStyles, Spinner } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts } from '../app/texts.ts'
import { TracePicture } from './trace-picture.tsx'

const useStyles = makeStyles({ picture: { overflow: 'auto' } })

/** Why the assistant shows what it shows: how the lookup went. */
export function TraceDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({ queryKey: ['trace', id], queryFn: ({ signal }) => ask('lookupTrace', { id }, { signal }) })
  return (
    <DialogFrame isWide title={t('calendar.traceTitle')} closeText={t('calendar.close')} onClose={onClose} error={error}>
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data && <div className={styles.picture} tabIndex={0}><TracePicture trace={data} /></div>}
    </DialogFrame>
  ) // prettier-ignore
}

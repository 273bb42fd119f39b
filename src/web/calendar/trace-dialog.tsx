import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles, MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components' // prettier-ignore
import { useQuery } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { TracePicture } from './trace-picture.tsx'

const useStyles = makeStyles({ surface: { maxWidth: '900px', width: 'calc(100vw - 32px)' } })

/** Why the assistant shows what it shows: how the lookup went. */
export function TraceDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { data, error } = useQuery({ queryKey: ['trace', id], queryFn: ({ signal }) => ask('lookupTrace', { id }, { signal }) })
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t('calendar.traceTitle')}</DialogTitle>
          <DialogContent tabIndex={0}>
            {error && <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
            {!data && !error && <Spinner label={t('app.loading')} />}
            {data && <TracePicture trace={data} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('calendar.close')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  ) // prettier-ignore
}

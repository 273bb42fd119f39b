import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import type { ShownEvent, Times } from './calendar-grid.tsx'

export interface Move {
  event: ShownEvent
  times: Times
  revert: () => void
}

/** Asks before attendees hear that a meeting lies elsewhere. */
export function MoveDialog({ onAnswer }: { onAnswer: (send: boolean) => void }) {
  const { t } = useTexts()
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('calendar.moveTitle')}</DialogTitle>
          <DialogContent>{t('calendar.moveHint')}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => onAnswer(true)}>
              {t('calendar.sendUpdate')}
            </Button>
            <Button onClick={() => onAnswer(false)}>{t('calendar.putBack')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

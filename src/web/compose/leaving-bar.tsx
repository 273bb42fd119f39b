import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'
import { inFull } from '../app/times.ts'
import { sendNow, undoSend, type Leaving } from './opened.ts'

/** A message on its way: it can be taken back for a moment, and one that did not leave is still there. */
export function LeavingBar({ leaving: { draft, state, at, error = '' } }: { leaving: Leaving }) {
  const { t } = useTexts()
  if (state === 'sent') return <MessageBar intent="success" layout="multiline"><MessageBarBody>{at === undefined ? t('compose.sent') : t('compose.sentLater', { time: inFull(at) })}</MessageBarBody></MessageBar> // prettier-ignore
  if (state === 'failed') {
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>{t('compose.sendFailed', { error })}</MessageBarBody>
        <MessageBarActions>
          <Button onClick={() => void sendNow(draft)}>{t('compose.sendAgain')}</Button>
          <Button onClick={() => undoSend(draft)}>{t('compose.edit')}</Button>
        </MessageBarActions>
      </MessageBar>
    )
  }
  return (
    <MessageBar>
      <MessageBarBody>{t('compose.sending')}</MessageBarBody>
      {state === 'waiting' && (
        <MessageBarActions>
          <Button onClick={() => undoSend(draft)}>{t('compose.undo')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  )
}

import { MessageBar, MessageBarBody } from '@fluentui/react-components'
import { useTexts } from '../app/texts.ts'

/** Says that something was saved, or why not. */
export function Saved({ isDone, error }: { isDone: boolean; error: Error | null }) {
  const { t } = useTexts()
  return (
    <div role="status">
      {(isDone || error) && (
        <MessageBar intent={error ? 'error' : 'success'} layout="multiline">
          <MessageBarBody>{error ? error.message : t('options.saved')}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}

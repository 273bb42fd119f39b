import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import type { Draft, DraftState } from './draft.ts'
import { openCompose } from './opened.ts'

/** What stands in the way of a message, and what can be done about it. */
export function DraftTrouble({
  draft,
  saving,
  wrong,
  onDismiss,
}: {
  draft: Draft
  saving: DraftState['saving']
  wrong: string | undefined
  onDismiss: () => void
}) {
  const { t } = useTexts()
  const { ref } = draft.state()
  return (
    <>
      {wrong && (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>{wrong}</MessageBarBody>
          <MessageBarActions containerAction={<Button appearance="transparent" icon={<DismissRegular />} aria-label={t('compose.dismiss')} onClick={onDismiss} />} />
        </MessageBar>
      )}
      {(saving === 'conflict' || saving === 'gone') && (
        <MessageBar intent="warning" role="alert" layout="multiline">
          <MessageBarBody>{t(saving === 'conflict' ? 'compose.conflict' : 'compose.gone')}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => void draft.branch().catch(() => undefined)}>{t('compose.keepMine')}</Button>
            {saving === 'conflict' && ref && <Button onClick={() => { draft.abandon(); openCompose({ kind: 'draft', item: ref }) }}>{t('compose.takeTheirs')}</Button>}
          </MessageBarActions>
        </MessageBar>
      )}
    </>
  ) // prettier-ignore
}

import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { Refused } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { Draft, DraftState } from './draft.ts'
import { openCompose } from './opened.ts'

/** Why something was not done, for people: without an answer, that there is no connection. */
export const reasonOf = (error: Error, t: ReturnType<typeof useTexts>['t']): string =>
  error instanceof Refused ? error.message : t('app.offline')

/** What stands in the way of a message, and what can be done about it. */
export function DraftTrouble({
  draft,
  saving,
  wrong,
  onWrong,
}: {
  draft: Draft
  saving: DraftState['saving']
  wrong: string | undefined
  onWrong: (text: string | undefined) => void
}) {
  const { t } = useTexts()
  const { ref } = draft.state()
  return (
    <>
      {wrong && (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>{wrong}</MessageBarBody>
          <MessageBarActions containerAction={<Button appearance="transparent" icon={<DismissRegular />} aria-label={t('compose.dismiss')} onClick={() => onWrong(undefined)} />} />
        </MessageBar>
      )}
      {(saving === 'conflict' || saving === 'gone') && (
        <MessageBar intent="warning" role="alert" layout="multiline">
          <MessageBarBody>{t(saving === 'conflict' ? 'compose.conflict' : 'compose.gone')}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => { onWrong(undefined); draft.branch().catch((error: Error) => onWrong(reasonOf(error, t))) }}>{t('compose.keepMine')}</Button>
            {saving === 'conflict' && ref && <Button onClick={() => { draft.abandon(); openCompose({ kind: 'draft', item: ref }) }}>{t('compose.takeTheirs')}</Button>}
          </MessageBarActions>
        </MessageBar>
      )}
    </>
  ) // prettier-ignore
}

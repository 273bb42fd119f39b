import { Button, makeStyles, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { spanText } from './clock.ts'
import type { EventDetails } from './draft.ts'

const useStyles = makeStyles({ list: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS } })

/** For its organizer: the other times that attendees proposed for a meeting, each taken by one press; all of them hear of it. */
export function Proposals({ event, onDone }: { event: EventDetails; onDone: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const proposed = [...event.required, ...event.optional, ...event.resources].flatMap((one) => ('proposed' in one && one.proposed ? [one.proposed] : [])) // prettier-ignore
  const times = [...new Map(proposed.map((time) => [`${time.start} ${time.end}`, time]))]
  const take = useMutation({
    mutationFn: (time: { start: string; end: string }) => ask('saveEvent', { item: event.ref, values: { times: { ...time, isAllDay: false } }, send: true }), // prettier-ignore
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['calendar'] })
      onDone()
    },
  })
  return (
    <div className={styles.list}>
      {take.error && <MessageBar intent="error"><MessageBarBody>{take.error.message}</MessageBarBody></MessageBar>}
      {times.map(([key, time]) => <Button key={key} disabled={take.isPending} onClick={() => take.mutate(time)}>{t('calendar.takeProposed', { time: spanText({ ...time, isAllDay: false }) })}</Button>)}
    </div>
  ) // prettier-ignore
}

import { Badge, Button, Field, Input, makeStyles, MessageBar, MessageBarBody, Spinner, Text, Textarea, tokens } from '@fluentui/react-components' // prettier-ignore
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Question } from '../app/api.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts } from '../app/texts.ts'
import { later, minutesBetween, spanText } from './clock.ts'
import { draftOf, type Draft, type EventDetails, type ItemRef } from './draft.ts'
import { Proposals } from './proposals.tsx'
import { recurrenceText } from './recurrence-text.ts'

type Given = Question<'answerEvent'>['answer']
const useStyles = makeStyles({
  text: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '30vh', overflowY: 'auto' },
  people: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'end' },
})
const responses = { Accept: 'calendar.accepted', Tentative: 'calendar.tentativelyAccepted', Decline: 'calendar.declined', Organizer: 'calendar.organizer', NoResponseReceived: 'calendar.noAnswer', Unknown: 'calendar.noAnswer' } as const // prettier-ignore

/** One appointment: what it is, and what can be done with it – the occurrence or the whole series. */
export function EventCard({ item, onEdit, onClose }: { item: ItemRef; onEdit: (draft: Draft) => void; onClose: () => void }) {
  const { t } = useTexts()
  // Not a key of the calendar: what is deleted while it is open is not asked for again.
  const { data: event, error } = useQuery({ queryKey: ['appointment', item], staleTime: 0, queryFn: ({ signal }) => ask('event', { item }, { signal }) }) // prettier-ignore
  return (
    <DialogFrame
      title={event ? event.subject || t('calendar.noSubject') : t('app.loading')}
      closeText={t('calendar.close')}
      onClose={onClose}
      error={error}
      actions={event && <Steps event={event} onEdit={onEdit} onClose={onClose} />}
    >
            {!event && !error && <Spinner />}
            {event && <Facts event={event} />}
            {event?.isOrganizer && !event.isCancelled && <Proposals event={event} onDone={onClose} />}
            {event && event.isMeeting && !event.isOrganizer && !event.isCancelled && <AnswerForm event={event} onDone={onClose} />}
    </DialogFrame>
  ) // prettier-ignore
}

function Facts({ event }: { event: EventDetails }) {
  const styles = useStyles()
  const { t } = useTexts()
  const people = [...event.required, ...event.optional, ...event.resources]
  return (
    <>
      <Text>{spanText(event)}</Text>
      {event.location && <Text>{`${t('calendar.location')}: ${event.location}`}</Text>}
      {event.recurrence && 'interval' in event.recurrence.pattern && <Text>{recurrenceText(draftOf(event).recurrence!, t)}</Text>}
      {event.isCancelled && <Text weight="semibold">{t('calendar.cancelled')}</Text>}
      {event.isPrivate && <div><Badge appearance="tint">{t('calendar.private')}</Badge></div>}
      {event.isMeeting && event.organizer && <Text>{`${t('calendar.organizer')}: ${event.organizer.name || event.organizer.address || ''}`}</Text>}
      {people.length > 0 && (
        <ul className={styles.people} aria-label={t('calendar.attendees')}>
          {people.map((one) => (
            <li key={one.address}>
              {`${one.name || one.address} – ${t(responses[one.response])}`}
              {'proposed' in one && one.proposed && ` (${t('calendar.proposes', { time: spanText({ ...one.proposed, isAllDay: false }) })})`}
            </li>
          ))}
        </ul>
      )}
      {event.body.trim() && <Text className={styles.text} tabIndex={0}>{event.body.trim()}</Text>}
    </>
  ) // prettier-ignore
}

function AnswerForm({ event, onDone }: { event: EventDetails; onDone: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [comment, setComment] = useState('')
  const [proposed, setProposed] = useState<string>()
  const { mutate, isPending, error } = useMutation({
    mutationFn: (answer: Given) =>
      ask('answerEvent', {
        item: event.ref,
        answer,
        ...(comment ? { comment } : {}),
        ...(proposed && answer !== 'Accept' ? { proposed: { start: proposed, end: later(proposed, minutesBetween(event.start, event.end)) } } : {}), // prettier-ignore
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['calendar'] })
      onDone()
    },
  })
  return (
    <>
      <Text>{`${t('calendar.yourAnswer')}: ${t(responses[event.myResponse ?? 'Unknown'])}`}</Text>
      <Field label={t('calendar.comment')}>
        <Textarea value={comment} rows={2} onChange={(_, { value }) => setComment(value)} />
      </Field>
      {event.mayPropose && (
        <Field label={t('calendar.propose')}>
          <Input type="datetime-local" value={proposed ?? ''} onChange={(_, { value }) => setProposed(value ? value.slice(0, 16) : undefined)} />
        </Field>
      )}
      {error && <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
      <div className={styles.row}>
        <Button appearance="primary" disabled={isPending || proposed !== undefined} onClick={() => mutate('Accept')}>{t('calendar.accept')}</Button>
        <Button disabled={isPending} onClick={() => mutate('Tentative')}>{t('calendar.maybe')}</Button>
        <Button disabled={isPending} onClick={() => mutate('Decline')}>{t('calendar.decline')}</Button>
      </div>
    </>
  ) // prettier-ignore
}

function Steps({ event, onEdit, onClose }: { event: EventDetails; onEdit: (draft: Draft) => void; onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const isOccurrence = event.ref.occurrence !== undefined
  const series: ItemRef = { mailbox: event.ref.mailbox, id: event.ref.id }
  const send = event.isMeeting && event.isOrganizer && !event.isCancelled
  const remove = useMutation({
    mutationFn: (item: ItemRef) => ask('deleteEvent', { item, send }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['calendar'] })
      onClose()
    },
  })
  const edit = useMutation({ mutationFn: (item: ItemRef) => ask('event', { item }), onSuccess: (found) => onEdit(draftOf(found)) })
  const error = remove.error ?? edit.error
  const mayEdit = event.rights.modify && (!event.isMeeting || event.isOrganizer)
  return (
    <>
      {error && <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar>}
      {mayEdit && isOccurrence && <Button onClick={() => edit.mutate(series)}>{t('calendar.editSeries')}</Button>}
      {mayEdit && <Button appearance="primary" onClick={() => edit.mutate(event.ref)}>{t(isOccurrence ? 'calendar.editOccurrence' : 'calendar.edit')}</Button>}
      {event.rights.delete && isOccurrence && <Button onClick={() => remove.mutate(series)}>{t('calendar.deleteSeries')}</Button>}
      {event.rights.delete && <Button onClick={() => remove.mutate(event.ref)}>{t(send ? 'calendar.cancelMeeting' : isOccurrence ? 'calendar.deleteOccurrence' : 'calendar.delete')}</Button>}
    </>
  ) // prettier-ignore
}

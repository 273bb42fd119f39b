import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Switch,
  Tab,
  TabList,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts } from '../app/texts.ts'
import { busyTexts } from './busy-texts.ts'
import { Assistant } from './assistant.tsx'
import { later, minutesBetween } from './clock.ts'
import { attendeesOf, changesOf, type Busy, type Draft } from './draft.ts'
import { PeoplePicker } from './people-picker.tsx'
import { Choice, RecurrenceEditor } from './recurrence-editor.tsx'
import { RoomPicker } from './room-picker.tsx'

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalS },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'end' },
})

/** The form of an appointment or a meeting, with the scheduling assistant beside it. */
export function EventForm({ draft: before, onClose }: { draft: Draft; onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(before)
  const [tab, setTab] = useState<'details' | 'assistant'>('details')
  const change = (part: Partial<Draft>) => setDraft((current) => ({ ...current, ...part }))
  const invites = attendeesOf(draft).length > 0 || attendeesOf(before).length > 0
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('saveEvent', {
        ...(draft.item ? { item: draft.item } : {}),
        ...(draft.folder ? { folder: draft.folder } : {}),
        values: changesOf(draft, before.item ? before : undefined),
        send: invites,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['calendar'] })
      onClose()
    },
  })
  const isWrong = minutesBetween(draft.start, draft.end) < 0
  return (
    <DialogFrame
      isWide
      title={t(before.item ? 'calendar.editEvent' : 'calendar.newEvent')}
      closeText={t('calendar.discard')}
      onClose={onClose}
      error={error}
      actions={<Button appearance="primary" disabled={isPending || isWrong} onClick={() => mutate()}>{t(invites ? 'calendar.send' : 'calendar.save')}</Button>}
    >
            <TabList selectedValue={tab} onTabSelect={(_, { value }) => setTab(value as 'details' | 'assistant')}>
              <Tab value="details">{t('calendar.details')}</Tab>
              <Tab value="assistant">{t('calendar.assistant')}</Tab>
            </TabList>
            {tab === 'details' ? <Fields draft={draft} change={change} /> : <Assistant draft={draft} change={change} />}
            {isWrong && <MessageBar intent="error"><MessageBarBody>{t('calendar.endsBefore')}</MessageBarBody></MessageBar>}
    </DialogFrame>
  ) // prettier-ignore
}

interface Part {
  draft: Draft
  change: (part: Partial<Draft>) => void
}

function Fields({ draft, change }: Part) {
  const styles = useStyles()
  const { t } = useTexts()
  return (
    <div className={styles.fields}>
      <Field label={t('calendar.subject')}>
        <Input value={draft.subject} maxLength={255} onChange={(_, { value }) => change({ subject: value })} />
      </Field>
      <PeoplePicker label={t('calendar.required')} people={draft.required} onChange={(required) => change({ required })} />
      <PeoplePicker label={t('calendar.optional')} people={draft.optional} onChange={(optional) => change({ optional })} />
      <Times draft={draft} change={change} />
      {!draft.isOccurrence && <RecurrenceEditor value={draft.recurrence} start={draft.start} onChange={(recurrence) => change({ recurrence })} />}
      <Field label={t('calendar.location')}>
        <Input value={draft.location} maxLength={255} onChange={(_, { value }) => change({ location: value })} />
      </Field>
      <RoomPicker draft={draft} change={change} />
      <Marks draft={draft} change={change} />
      <Field label={t('calendar.body')}>
        <Textarea value={draft.body} rows={5} resize="vertical" onChange={(_, { value }) => change({ body: value })} />
      </Field>
    </div>
  ) // prettier-ignore
}

/** Start and end. The end goes along when the start moves. */
function Times({ draft: { start, end, isAllDay }, change }: Part) {
  const styles = useStyles()
  const { t } = useTexts()
  const startAt = (value: string) => change({ start: value, end: later(value, Math.max(0, minutesBetween(start, end))) })
  const lastDay = isAllDay ? later(end, -1440).slice(0, 10) : end.slice(0, 10)
  const allDay = (isAllDay: boolean) => {
    const first = `${start.slice(0, 10)}T00:00`
    change(isAllDay ? { isAllDay, start: first, end: later(`${end.slice(0, 10)}T00:00`, 1440) } : { isAllDay, start: `${start.slice(0, 10)}T09:00`, end: `${start.slice(0, 10)}T09:30` }) // prettier-ignore
  }
  return (
    <div className={styles.row}>
      <Field label={t('calendar.startDay')}>
        <Input type="date" value={start.slice(0, 10)} onChange={(_, { value }) => value && startAt(`${value}${start.slice(10)}`)} />
      </Field>
      {!isAllDay && (
        <Field label={t('calendar.startTime')}>
          <Input type="time" value={start.slice(11)} onChange={(_, { value }) => value && startAt(`${start.slice(0, 11)}${value.slice(0, 5)}`)} />
        </Field>
      )}
      <Field label={t('calendar.endDay')}>
        <Input type="date" value={lastDay} onChange={(_, { value }) => value && change({ end: isAllDay ? later(`${value}T00:00`, 1440) : `${value}${end.slice(10)}` })} />
      </Field>
      {!isAllDay && (
        <Field label={t('calendar.endTime')}>
          <Input type="time" value={end.slice(11)} onChange={(_, { value }) => value && change({ end: `${end.slice(0, 11)}${value.slice(0, 5)}` })} />
        </Field>
      )}
      <Switch label={t('calendar.allDay')} checked={isAllDay} onChange={(_, { checked }) => allDay(checked)} />
    </div>
  ) // prettier-ignore
}

function Marks({ draft, change }: Part) {
  const styles = useStyles()
  const { t } = useTexts()
  const reminder = draft.reminder === null ? 'none' : String(draft.reminder)
  const reminderText = (one: string) =>
    one === 'none' ? t('calendar.noReminder') : t('calendar.minutesBefore', { time: lengthText(Number(one), t) })
  return (
    <div className={styles.row}>
      <Choice label={t('calendar.showAs')} values={shownAs} value={(draft.busy === 'NoData' ? 'Busy' : draft.busy) as (typeof shownAs)[number]} text={(one) => t(busyTexts[one])} onChange={(busy: Busy) => change({ busy })} />
      <Choice label={t('calendar.reminder')} values={reminders.includes(reminder as 'none') ? reminders : [reminder, ...reminders]} value={reminder} text={reminderText} onChange={(one) => change({ reminder: one === 'none' ? null : Number(one) })} />
      <Checkbox label={t('calendar.private')} checked={draft.isPrivate} onChange={(_, { checked }) => change({ isPrivate: checked === true })} />
    </div>
  ) // prettier-ignore
}

function lengthText(minutes: number, t: ReturnType<typeof useTexts>['t']): string {
  if (minutes >= 1440 && minutes % 1440 === 0) return t('calendar.lengthDays', { count: minutes / 1440 })
  return minutes >= 60 && minutes % 60 === 0 ? t('calendar.lengthHours', { count: minutes / 60 }) : t('calendar.lengthMinutes', { count: minutes }) // prettier-ignore
}

const reminders = ['none', '0', '5', '15', '30', '60', '120', '1440', '10080'] as const
const shownAs = ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere'] as const

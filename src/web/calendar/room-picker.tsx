import { Button, Field, makeStyles, Select, Tag, TagGroup, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { minutesBetween } from './clock.ts'
import type { Draft } from './draft.ts'

const useStyles = makeStyles({ row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'end' } })

/** Chooses rooms by the lists of the organisation, each with whether it is free at the time of the meeting. */
export function RoomPicker({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [isOpen, setOpen] = useState(draft.resources.length > 0)
  const { data } = useQuery({
    queryKey: ['directory', 'rooms'],
    queryFn: ({ signal }) => ask('findRooms', {}, { signal }),
    enabled: isOpen,
  })
  const lists = data?.lists ?? []
  const addresses = [...new Set(lists.flatMap(({ rooms }) => rooms.map(({ address }) => address)))].slice(0, 100)
  const { data: times } = useQuery({
    queryKey: ['calendar', 'rooms', addresses, draft.start, draft.end],
    queryFn: ({ signal }) =>
      ask('findFreeBusy', { people: addresses.map((address) => ({ address, type: 'Room' as const })), start: draft.start, end: draft.end, duration: 30 }, { signal }), // prettier-ignore
    enabled: isOpen && addresses.length > 0 && minutesBetween(draft.start, draft.end) > 0,
  })
  const stateOf = (address: string) => {
    const person = times?.people.find((one) => one.address === address)
    if (!person || person.refused) return t('calendar.unknown')
    return t(person.events.some(({ busy }) => busy !== 'Free') ? 'calendar.taken' : 'calendar.free')
  }
  const add = (address: string | undefined) => {
    const room = lists.flatMap(({ rooms }) => rooms).find((one) => one.address === address)
    if (!room || draft.resources.some((one) => one.address === room.address)) return
    change({ resources: [...draft.resources, { name: room.name, address: room.address }], location: draft.location || room.name })
  }
  if (!isOpen && draft.resources.length === 0)
    return <div><Button onClick={() => setOpen(true)}>{t('calendar.addRoom')}</Button></div> // prettier-ignore
  return (
    <div className={styles.row}>
      <Field label={t('calendar.rooms')}>
        <Select value="" onChange={(_, { value }) => add(value)}>
          <option value="">{t('calendar.chooseRoom')}</option>
          {lists.map(({ name, rooms }) => (
            <optgroup key={name} label={name || t('calendar.otherRooms')}>
              {rooms.map((room) => (
                <option key={room.address} value={room.address}>
                  {`${room.name}${room.capacity === undefined ? '' : ` (${room.capacity})`} – ${stateOf(room.address)}`}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      </Field>
      {draft.resources.length > 0 && (
        <TagGroup aria-label={t('calendar.rooms')} onDismiss={(_, { value }) => change({ resources: draft.resources.filter(({ address }) => address !== value) })}>
          {draft.resources.map(({ name, address }) => <Tag key={address} value={address} dismissible size="small" dismissIcon={{ 'aria-label': t('calendar.takeOff', { name }) }}>{name}</Tag>)}
        </TagGroup>
      )}
    </div>
  ) // prettier-ignore
}

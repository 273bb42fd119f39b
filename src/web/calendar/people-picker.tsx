import { Combobox, Field, makeStyles, Option, Tag, TagGroup, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { Person } from './draft.ts'

const useStyles = makeStyles({
  tags: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
  box: { minWidth: 0, width: '100%' },
})
const isAddress = (text: string) => /^[^\s@]+@[^\s@]+$/.test(text)

/** Chooses people of the directory, or anybody by address. */
export function PeoplePicker({ label, people, onChange }: { label: string; people: Person[]; onChange: (people: Person[]) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [words, setWords] = useState('')
  const [isOpen, setOpen] = useState(false)
  const { data } = useQuery({
    queryKey: ['directory', 'attendees', words],
    queryFn: ({ signal }) => ask('findAttendees', { words }, { signal }),
    enabled: words.trim().length > 1,
  })
  const found = (data?.people ?? []).filter(({ address }) => !people.some((one) => one.address === address))
  const add = (person: Person) => {
    setWords('')
    if (!people.some(({ address }) => address.toLowerCase() === person.address.toLowerCase())) onChange([...people, person])
  }
  return (
    <div>
      <Field label={label}>
        <Combobox
          freeform
          inlinePopup
          open={isOpen && words.trim().length > 1}
          onOpenChange={(_, { open }) => setOpen(open)}
          className={styles.box}
          value={words}
          selectedOptions={[]}
          placeholder={t('calendar.peopleHint')}
          onChange={(event) => {
            setWords(event.target.value)
            setOpen(true)
          }}
          onOptionSelect={(_, { optionValue }) => {
            const person = found.find(({ address }) => address === optionValue)
            if (person) add({ name: person.name, address: person.address })
            else if (optionValue && isAddress(optionValue)) add({ name: optionValue, address: optionValue })
          }}
        >
          {found.map(({ name, address }) => (
            <Option key={address} value={address} text={name}>
              {`${name} · ${address}`}
            </Option>
          ))}
          {found.length === 0 && isAddress(words.trim()) && (
            <Option value={words.trim()} text={words.trim()}>
              {words.trim()}
            </Option>
          )}
        </Combobox>
      </Field>
      {people.length > 0 && (
        <TagGroup className={styles.tags} aria-label={label} onDismiss={(_, { value }) => onChange(people.filter(({ address }) => address !== value))}>
          {people.map(({ name, address }) => <Tag key={address} value={address} dismissible size="small" title={address} dismissIcon={{ 'aria-label': t('calendar.takeOff', { name: name || address }) }}>{name || address}</Tag>)}
        </TagGroup>
      )}
    </div>
  ) // prettier-ignore
}

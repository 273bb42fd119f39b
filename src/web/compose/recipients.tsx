import {
  Avatar,
  Field,
  makeStyles,
  mergeClasses,
  Tag,
  TagPicker,
  TagPickerControl,
  TagPickerGroup,
  TagPickerInput,
  TagPickerList,
  TagPickerOption,
  tokens,
} from '@fluentui/react-components'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { addresseesIn, isAddress, type Addressee } from './written.ts'

const useStyles = makeStyles({
  field: { gridTemplateColumns: '56px minmax(0, 1fr)', minWidth: 0 },
  control: { minWidth: 0, width: '100%', boxSizing: 'border-box' },
  group: { minWidth: 0, maxWidth: '100%' },
  tag: { minWidth: 0, maxWidth: '100%', gridTemplateColumns: 'auto minmax(0, 1fr) auto' },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  bad: { backgroundColor: tokens.colorPaletteRedBackground1, color: tokens.colorPaletteRedForeground1 },
}) // prettier-ignore
const restAfterTyping = 200

const keyOf = ({ address }: Addressee) => address.toLowerCase()
/** Those of both lists, each once. */
const joined = (list: readonly Addressee[], more: readonly Addressee[]): Addressee[] => [
  ...new Map([...list, ...more].map((one) => [keyOf(one), one])).values(),
]

/** People that a message goes to: found among contacts and in the directory, or written out as an address. */
export function Recipients({
  label,
  list,
  onChange,
  focused = false,
}: {
  label: string
  list: Addressee[]
  onChange: (list: Addressee[]) => void
  focused?: boolean
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [isShut, setShut] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focused) input.current?.focus()
  }, [focused])
  const found = useFound(text)
  const chosen = new Set(list.map(keyOf))
  const options = found.filter((one) => !chosen.has(keyOf(one)))
  const typed = addresseesIn(text)
  const free = typed.length === 1 && isAddress(typed[0]!.address) && !found.some((one) => keyOf(one) === keyOf(typed[0]!)) ? typed : []
  const offered: (Addressee & { title?: string })[] = [...options, ...free]
  const add = (more: readonly Addressee[]) => {
    setText('')
    if (more.length > 0) onChange(joined(list, more))
  }
  const select = (value: string) => {
    const one = offered.find((each) => keyOf(each) === value)
    if (one) add([{ ...(one.name ? { name: one.name } : {}), address: one.address }])
    else onChange(list.filter((each) => keyOf(each) !== value))
  }
  const type = (event: KeyboardEvent) => {
    if ((event.key === ';' || event.key === ',' || (event.key === 'Enter' && offered.length === 0)) && typed.length > 0) {
      event.preventDefault()
      add(typed)
    }
  }
  const paste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text/plain')
    if (!/[;,\n<]/.test(pasted) || !pasted.includes('@')) return
    event.preventDefault()
    add(addresseesIn(pasted))
  }
  return (
    <Field label={label} orientation="horizontal" className={styles.field}>
      <TagPicker open={offered.length > 0 && !isShut} onOpenChange={(_, { open }) => setShut(!open)} selectedOptions={list.map(keyOf)} onOptionSelect={(_, { value }) => select(value)} appearance="underline">
        <TagPickerControl className={styles.control}>
          <TagPickerGroup className={styles.group} aria-label={t('compose.chosen', { label })}>
            {list.map((one) => (
              <Tag key={keyOf(one)} shape="rounded" value={keyOf(one)} title={one.address} className={mergeClasses(styles.tag, !isAddress(one.address) && styles.bad)} primaryText={{ className: styles.name, children: one.name || one.address }} />
            ))}
          </TagPickerGroup>
          <TagPickerInput ref={input} aria-label={label} value={text} onChange={({ target }) => { setText(target.value); setShut(false) }} onKeyDown={type} onPaste={paste} onBlur={() => add(typed.filter(({ address }) => address.includes('@')))} />
        </TagPickerControl>
        <TagPickerList>
          {offered.map((one) => (
            <TagPickerOption key={keyOf(one)} value={keyOf(one)} text={one.name || one.address} media={<Avatar aria-hidden name={one.name || one.address} color="colorful" />} secondaryContent={one.title ? `${one.address} · ${one.title}` : one.address}>
              {one.name || one.address}
            </TagPickerOption>
          ))}
        </TagPickerList>
      </TagPicker>
    </Field>
  ) // prettier-ignore
}

/** Whom the words name, once nobody types for a moment. */
function useFound(text: string): (Addressee & { title: string })[] {
  const [words, setWords] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setWords(text.trim()), restAfterTyping)
    return () => clearTimeout(timer)
  }, [text])
  const { data } = useQuery({
    queryKey: ['compose', 'people', words],
    queryFn: ({ signal }) => ask('findRecipients', { words: words.slice(0, 200) }, { signal }),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  })
  return words === '' || text.trim() === '' ? [] : (data?.people ?? [])
}

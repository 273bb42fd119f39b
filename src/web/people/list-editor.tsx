import {
  Button,
  Combobox,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Option,
  Text,
  Title3,
  tokens,
} from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { Edited, type Contact } from './edited.tsx'

type List = Contact
type Member = List['members'][number]

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalXL, maxWidth: '720px' },
  title: { margin: 0 },
  row: { display: 'flex', gap: tokens.spacingHorizontalS, alignItems: 'end' },
  grow: { flexGrow: 1 },
  members: { listStyleType: 'none', margin: 0, padding: 0 },
  member: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', overflowWrap: 'anywhere' },
}) // prettier-ignore

/** Makes a personal distribution list, or changes one. */
export function ListEditor({ item, onClose }: { item?: number; onClose: (item?: number) => void }) {
  return <Edited item={item} form={(seen) => <ListForm {...(seen ? { list: seen } : {})} onClose={onClose} />} />
}

function ListForm({ list, onClose }: { list?: List; onClose: (item?: number) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [name, setName] = useState(list?.name ?? '')
  const [members, setMembers] = useState<Member[]>(list?.members ?? [])
  const save = useMutation({
    mutationFn: () => ask('saveContactList', { name, members, ...(list ? { item: list.id, change: list.change } : {}) }),
    onSuccess: async ({ item }) => { await queries.invalidateQueries({ queryKey: ['people'] }); onClose(item) },
  }) // prettier-ignore
  const add = (member: Member) =>
    setMembers((before) => (before.some(({ address }) => address === member.address) ? before : [...before, member]))
  return (
    <form className={styles.form} aria-labelledby="list-form" onSubmit={(event) => { event.preventDefault(); if (name.trim()) save.mutate() }}>
      <Title3 as="h2" id="list-form" className={styles.title}>{t(list ? 'people.editList' : 'people.newList')}</Title3>
      <div role="alert">{save.error && <MessageBar intent="error"><MessageBarBody>{save.error.message}</MessageBarBody></MessageBar>}</div>
      <Field label={t('people.listName')} required><Input value={name} maxLength={255} onChange={(_, { value }) => setName(value)} /></Field>
      <MemberPicker onAdd={add} />
      <ul className={styles.members} aria-label={t('people.members')}>
        {members.map((member) => (
          <li key={member.address} className={styles.member}>
            <Text>{`${member.name} <${member.address}>`}</Text>
            <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('people.remove', { name: member.name || member.address })} onClick={() => setMembers(members.filter((one) => one !== member))} />
          </li>
        ))}
      </ul>
      <div className={styles.row}>
        <Button appearance="primary" type="submit" disabled={save.isPending || !name.trim()}>{t('people.save')}</Button>
        <Button onClick={() => onClose(list?.id)}>{t('people.cancel')}</Button>
      </div>
    </form>
  ) // prettier-ignore
}

/** Somebody of the directory by name, or any address. */
function MemberPicker({ onAdd }: { onAdd: (member: Member) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [text, setText] = useState('')
  const words = text.trim()
  const { data } = useQuery({
    queryKey: ['people', 'list', 'directory', words, 10],
    queryFn: ({ signal }) => ask('findPeople', { where: 'directory', words, limit: 10 }, { signal }),
    enabled: words.length > 1,
  })
  const add = (address: string, name: string) => { onAdd({ name, address }); setText('') } // prettier-ignore
  return (
    <div className={styles.row}>
      <Field label={t('people.addMember')} className={styles.grow}>
        <Combobox freeform value={text} selectedOptions={[]} onChange={({ target }) => setText(target.value)} onOptionSelect={(_, { optionValue = '', optionText = '' }) => optionValue && add(optionValue, optionText)}>
          {(words.length > 1 ? (data?.people ?? []) : []).map((one) => <Option key={one.id} value={one.address} text={one.name}>{`${one.name} <${one.address}>`}</Option>) /* prettier-ignore */}
        </Combobox>
      </Field>
      <Button disabled={!/^\S+@\S+$/.test(words)} onClick={() => add(words, words)}>{t('people.add')}</Button>
    </div>
  ) // prettier-ignore
}

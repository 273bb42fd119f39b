import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '480px' },
  row: { display: 'flex', alignItems: 'end', gap: tokens.spacingHorizontalS },
  grow: { flexGrow: 1 },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  sender: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', overflowWrap: 'anywhere' },
})

/** Whose mail is junk. */
export function BlockedSenders({ senders }: { senders: string[] }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [address, setAddress] = useState('')
  const save = useMutation({
    mutationFn: (wanted: string[]) => ask('saveBlockedSenders', { senders: wanted }),
    onSuccess: () => setAddress(''),
    onSettled: () => queries.invalidateQueries({ queryKey: ['options'] }),
  })
  return (
    <div className={styles.whole}>
      <Text>{t('options.blockedHint')}</Text>
      <form className={styles.row} onSubmit={(event) => { event.preventDefault(); save.mutate([address, ...senders]) }}>
        <Field label={t('options.address')} className={styles.grow}><Input type="email" value={address} maxLength={320} onChange={(_, { value }) => setAddress(value)} /></Field>
        <Button type="submit" disabled={!/^\S+@\S+$/.test(address) || save.isPending}>{t('options.add')}</Button>
      </form>
      <Saved isDone={save.isSuccess} error={save.error} />
      <ul className={styles.list} aria-label={t('options.blocked')}>
        {senders.map((one) => (
          <li key={one} className={styles.sender}>
            <Text>{one}</Text>
            <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('options.remove', { name: one })} onClick={() => save.mutate(senders.filter((other) => other !== one))} />
          </li>
        ))}
      </ul>
    </div>
  ) // prettier-ignore
}

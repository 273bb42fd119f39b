import { Button, Field, Input, makeStyles, Select, Text, tokens } from '@fluentui/react-components'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { ComposeOptions } from './compose-pane.tsx'
import type { Addressee } from './written.ts'

const useStyles = makeStyles({
  field: { gridTemplateColumns: '56px 1fr', minWidth: 0 },
  other: { display: 'flex', gap: tokens.spacingHorizontalS, alignItems: 'center', flexWrap: 'wrap' },
  wrong: { color: tokens.colorPaletteRedForeground1 },
}) // prettier-ignore
const another = '*'

/** In whose name the message is: the writer's own, or somebody's for whom they may send. */
export function FromPicker({
  from,
  known,
  onChoose,
}: {
  from: Addressee | undefined
  known: ComposeOptions['from']
  onChoose: (from: Addressee | undefined) => void
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const [asking, setAsking] = useState(false)
  const [address, setAddress] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [more, setMore] = useState<Addressee[]>(from && !known.some((one) => one.address === from.address) ? [from] : [])
  const choose = (value: string) => {
    setAsking(value === another)
    if (value === another) return
    const one = [...known, ...more].find((each) => each.address === value)
    onChoose(one && one !== known[0] ? { ...(one.name ? { name: one.name } : {}), address: one.address } : undefined)
  }
  const look = () =>
    void ask('senderNamed', { address }).then(
      ({ name, address: found }) => {
        setMore([...more, { name, address: found }])
        onChoose({ name, address: found })
        setAsking(false)
        setWrong(undefined)
      },
      (error: Error) => setWrong(error.message),
    )
  return (
    <>
      <Field label={t('compose.from')} orientation="horizontal" className={styles.field}>
        <Select appearance="underline" value={asking ? another : (from?.address ?? known[0]?.address ?? '')} onChange={(_, { value }) => choose(value)}>
          {[...known, ...more].map(({ name, address: one }) => (
            <option key={one} value={one}>{`${name ?? ''} <${one}>`}</option>
          ))}
          <option value={another}>{t('compose.otherAddress')}</option>
        </Select>
      </Field>
      {asking && (
        <div className={styles.other}>
          <Input type="email" aria-label={t('compose.otherAddress')} value={address} onChange={(_, { value }) => setAddress(value)} onKeyDown={(event) => event.key === 'Enter' && look()} />
          <Button onClick={look}>{t('compose.ok')}</Button>
          {wrong && <Text role="alert" className={styles.wrong}>{wrong}</Text>}
        </div>
      )}
    </>
  ) // prettier-ignore
}

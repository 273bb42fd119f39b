import { makeStyles, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { isAddress, type Addressee } from './written.ts'

const useStyles = makeStyles({
  tips: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS, maxHeight: '20vh', overflowY: 'auto', flexShrink: 0 },
  away: { whiteSpace: 'pre-line' },
}) // prettier-ignore
const mostAsked = 50
type Tip = Answer<'recipientTips'>['tips'][number]

/** What is good to know of those whom a message goes to, before it is sent. */
export function Tips({ addressees, from, threshold }: { addressees: Addressee[]; from: string | undefined; threshold: number }) {
  const styles = useStyles()
  const addresses = [...new Set(addressees.map(({ address }) => address.toLowerCase()).filter(isAddress))].toSorted().slice(0, mostAsked)
  const { data } = useQuery({
    queryKey: ['compose', 'tips', from, ...addresses],
    queryFn: ({ signal }) => ask('recipientTips', { addresses, ...(from ? { from } : {}) }, { signal }),
    enabled: addresses.length > 0,
    placeholderData: (before) => before,
  })
  const lines = useLines(addresses.length > 0 ? (data?.tips ?? []).filter(({ address }) => addresses.includes(address)) : [], addressees, threshold) // prettier-ignore
  return (
    <div className={styles.tips} role="status">
      {lines.map((line) => (
        <MessageBar key={line}>
          <MessageBarBody className={styles.away}>{line}</MessageBarBody>
        </MessageBar>
      ))}
    </div>
  )
}

function useLines(tips: readonly Tip[], addressees: readonly Addressee[], threshold: number): string[] {
  const { t } = useTexts()
  const nameOf = (address: string) => addressees.find((one) => one.address.toLowerCase() === address)?.name || address
  const outside = tips.filter(({ outside: count = 0 }) => count > 0)
  const everybody = tips.reduce((sum, { members = 1 }) => sum + members, 0)
  return [
    ...(everybody > threshold ? [t('compose.tipLarge', { members: everybody })] : []),
    ...(outside.length > 0 ? [t('compose.tipOutside', { names: outside.map(({ address }) => nameOf(address)).join(', ') })] : []),
    ...tips.flatMap(({ address, away, full, custom, restricted, moderated, unknown }) => {
      const name = nameOf(address)
      return [
        ...(unknown ? [t('compose.tipUnknown', { name })] : []),
        ...(away ? [t('compose.tipAway', { name, message: away })] : []),
        ...(full ? [t('compose.tipFull', { name })] : []),
        ...(custom ? [`${name}: ${custom}`] : []),
        ...(restricted ? [t('compose.tipRestricted', { name })] : []),
        ...(moderated ? [t('compose.tipModerated', { name })] : []),
      ]
    }),
  ]
}

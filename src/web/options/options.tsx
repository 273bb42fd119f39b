import { Link as Anchor, makeStyles, Spinner, Tab, TabList, Text, Title3, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { ask, type Answer } from '../app/api.ts'
import { useGo, useRest } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { AutomaticReplies } from './automatic-replies.tsx'
import { BlockedSenders } from './blocked-senders.tsx'
import { Region } from './region.tsx'
import { Rules } from './rules.tsx'

export type OptionsNow = Answer<'options'>

const parts = ['away', 'rules', 'blocked', 'region', 'account'] as const
const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, height: '100%', overflowY: 'auto', boxSizing: 'border-box', padding: tokens.spacingHorizontalL },
  title: { margin: 0 },
  tabs: { flexWrap: 'wrap' },
}) // prettier-ignore

/** `/owa/options/{part}`: what people set for their mailbox. */
export default function Options() {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const [rest] = useRest()
  const part = parts.find((one) => one === rest) ?? 'away'
  const { data, error } = useQuery({ queryKey: ['options'], queryFn: ({ signal }) => ask('options', {}, { signal }) })
  return (
    <div className={styles.page}>
      <Title3 as="h1" className={styles.title}>{t('options.title')}</Title3>
      <TabList className={styles.tabs} selectedValue={part} onTabSelect={(_, { value }) => go(`/owa/options/${String(value)}`)}>
        {parts.map((one) => <Tab key={one} value={one}>{t(`options.${one}`)}</Tab>)}
      </TabList>
      {error && <Text role="alert">{error.message}</Text>}
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data && part === 'away' && <AutomaticReplies now={data.away} />}
      {data && part === 'rules' && <Rules rules={data.rules} />}
      {data && part === 'blocked' && <BlockedSenders senders={data.blockedSenders} />}
      {data && part === 'region' && <Region now={data} />}
      {part === 'account' && <Text><Anchor href="/account/security">{t('options.security')}</Anchor></Text>}
    </div>
  ) // prettier-ignore
}

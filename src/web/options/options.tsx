import { makeStyles, Spinner, Tab, TabList, Text, Title3, tokens } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { use } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useGo, useRest } from '../app/place.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { Account } from './account.tsx'
import { AutomaticReplies } from './automatic-replies.tsx'
import { Messages } from './messages.tsx'
import { isForm, OwnSettings } from './own-settings.tsx'
import { Region } from './region.tsx'
import { Rules } from './rules.tsx'
import { Storage } from './storage.tsx'
import { WorkingHours } from './working-hours.tsx'
import { optionTexts } from './texts.ts'

export type OptionsNow = Answer<'options'>
type Part = OptionsNow['pages'][number] | 'account'

const names: Readonly<Record<Part, TextName>> = {
  ...{ away: 'options.away', rules: 'options.rules', junk: 'settings.junk', messages: 'settings.messages', forwarding: 'settings.forwarding' },
  ...{ calendar: 'settings.calendar', region: 'options.region', profile: 'settings.profile', storage: 'settings.storage', account: 'settings.account' },
} // prettier-ignore
const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, height: '100%', overflowY: 'auto', boxSizing: 'border-box', padding: tokens.spacingHorizontalL },
  title: { margin: 0 },
  tabs: { flexWrap: 'wrap', flexShrink: 0 },
}) // prettier-ignore

/** `/owa/options/{part}`: what people may set for themselves. */
export default function Options() {
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  use(optionTexts)
  const [rest] = useRest()
  const { data, error } = useQuery({ queryKey: ['options'], queryFn: ({ signal }) => ask('options', {}, { signal }) })
  const parts: Part[] = data ? [...data.pages, 'account'] : []
  const part = parts.find((one) => one === rest) ?? parts[0]
  return (
    <div className={styles.page}>
      <Title3 as="h1" className={styles.title}>{t('options.title')}</Title3>
      <TabList className={styles.tabs} selectedValue={part ?? null} onTabSelect={(_, { value }) => go(`/owa/options/${String(value)}`)}>
        {parts.map((one) => <Tab key={one} value={one}>{t(names[one])}</Tab>)}
      </TabList>
      {error && <Text role="alert">{error.message}</Text>}
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data && part && <Shown part={part} now={data} />}
    </div>
  ) // prettier-ignore
}

function Shown({ part, now }: { part: Part; now: OptionsNow }) {
  if (isForm(part)) return <OwnSettings key={part} page={part} />
  if (part === 'away') return <AutomaticReplies now={now.away} />
  if (part === 'rules') return <Rules rules={now.rules} />
  if (part === 'messages') return <Messages />
  if (part === 'calendar') return <WorkingHours timeZones={now.timeZones} />
  if (part === 'region') return <Region now={now} />
  return part === 'storage' ? <Storage /> : <Account />
}

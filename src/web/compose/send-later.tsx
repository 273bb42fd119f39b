import {
  Button, Field, Input, Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger,
  MessageBar, MessageBarActions, MessageBarBody,
} from '@fluentui/react-components' // prettier-ignore
import { SendClockRegular } from '@fluentui/react-icons'
import { useState } from 'react'
import { culture } from '../app/culture.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts, type TextName } from '../app/texts.ts'
import { inFull } from '../app/times.ts'
import type { Draft } from './draft.ts'

const hour = 3_600_000
const morning = 8

/** The day that lies so many days ahead, at a full hour. */
function dayAhead(now: number, days: number, at: number): number {
  const day = new Date(now)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, at).getTime()
}

/** Times that are offered: in some hours if that is today, tomorrow, and at the beginning of the week. */
function offered(now: number): [TextName, number][] {
  const soon = new Date(now + 2 * hour).setMinutes(0, 0, 0) + hour
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7
  return [
    ...(soon < dayAhead(now, 1, 0) ? [['compose.laterToday', soon] as [TextName, number]] : []),
    ['compose.tomorrowMorning', dayAhead(now, 1, morning)],
    ...(toMonday > 1 ? [['compose.mondayMorning', dayAhead(now, toMonday, morning)] as [TextName, number]] : []),
  ]
}

const inWeek = (at: number) => new Intl.DateTimeFormat(culture(), { weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(at)

/** As `datetime-local` takes an instant: the clock of the browser. */
function localTime(at: number): string {
  const day = new Date(at)
  return new Date(at - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** When a message is to be sent, if not now. */
export function SendLater({ sendAt, onChoose }: { sendAt: number | undefined; onChoose: (at: number) => void }) {
  const { t } = useTexts()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<SendClockRegular />} aria-label={t('compose.sendLater')} title={t('compose.sendLater')} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {offered(Date.now()).map(([name, at]) => (
              <MenuItem key={name} secondaryContent={inWeek(at)} onClick={() => onChoose(at)}>{t(name)}</MenuItem>
            ))}
            <MenuDivider />
            <MenuItem onClick={() => setAsking(true)}>{t('compose.ownTime')}</MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {asking && <OwnTime first={sendAt ?? dayAhead(Date.now(), 1, morning)} onChoose={onChoose} onClose={() => setAsking(false)} />}
    </>
  ) // prettier-ignore
}

function OwnTime({ first, onChoose, onClose }: { first: number; onChoose: (at: number) => void; onClose: () => void }) {
  const { t } = useTexts()
  const [value, setValue] = useState(() => localTime(first))
  const at = new Date(value).getTime()
  const isAhead = at > Date.now()
  return (
    <DialogFrame title={t('compose.sendLater')} closeText={t('compose.cancel')} onClose={onClose} actions={<Button appearance="primary" disabled={!isAhead} onClick={() => { onClose(); onChoose(at) }}>{t('compose.sendLater')}</Button>}>
      <Field label={t('compose.sendTime')} {...(isAhead ? {} : { validationMessage: t('compose.timePast') })}>
        <Input type="datetime-local" value={value} onChange={(_, data) => setValue(data.value)} />
      </Field>
    </DialogFrame>
  ) // prettier-ignore
}

/** Says that a message waits for its time, and takes it back. */
export function WaitingBar({ draft, sendAt, onWrong }: { draft: Draft; sendAt: number; onWrong: (text: string) => void }) {
  const { t } = useTexts()
  return (
    <MessageBar layout="multiline">
      <MessageBarBody>{t('compose.waits', { time: inFull(sendAt) })}</MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => void draft.hold().catch((error: Error) => onWrong(error.message))}>{t('compose.takeBack')}</Button>
      </MessageBarActions>
    </MessageBar>
  )
}

/** What the client is made of: one row an area, loaded when it is first looked at. */
import { CalendarLtrRegular, MailRegular, type FluentIcon } from '@fluentui/react-icons'
import type { ComponentType } from 'react'
import type { Session } from './session.tsx'
import type { TextName } from './texts.ts'

export interface Area {
  /** Where it lives; what comes behind is its own (`useRest`). */
  path: `/owa/${string}` | `/ecp${string}`
  name: TextName
  icon: FluentIcon
  /** Who sees it. */
  isFor: (session: Session) => boolean
  load: () => Promise<{ default: ComponentType }>
}

const withMailbox = ({ mailbox }: Session) => mailbox !== undefined

// prettier-ignore
export const areas: readonly Area[] = [
  { path: '/owa/mail', name: 'app.mail', icon: MailRegular, isFor: withMailbox, load: () => import('../mail/mail.tsx') },
  { path: '/owa/calendar', name: 'calendar.title', icon: CalendarLtrRegular, isFor: withMailbox, load: () => import('../calendar/calendar.tsx') },
]

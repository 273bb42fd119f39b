/** What the client is made of: one row an area, loaded when it is first looked at. */
import {
  BinRecycleRegular,
  CalendarLtrRegular,
  MailRegular,
  NoteRegular,
  PeopleRegular,
  PlugConnectedRegular,
  SettingsRegular,
  ShieldPersonRegular,
  TaskListLtrRegular,
  type FluentIcon,
} from '@fluentui/react-icons'
import type { ComponentType } from 'react'
import type { Session } from './session.tsx'
import type { TextName } from './texts.ts'

export interface Area {
  /** Where it lives; what comes behind is its own (`useRest`). */
  path: `/owa/${string}` | `/ecp${string}`
  name: TextName
  icon: FluentIcon
  /** Reached by links alone: it has no place among the areas. */
  hidden?: true
  /** Who sees it. */
  isFor: (session: Session) => boolean
  load: () => Promise<{ default: ComponentType }>
}

const withMailbox = ({ mailbox }: Session) => mailbox !== undefined
const withRoles = ({ roles }: Session) => roles.length > 0

/** Roles that hold `Update-HybridConfiguration`. */
const hybridRoles = new Set(['Organization Management', 'Organization Configuration', 'Federated Sharing'])
const withHybrid = ({ roles }: Session) => roles.some((role) => hybridRoles.has(role))

// prettier-ignore
export const areas: readonly Area[] = [
  { path: '/owa/mail', name: 'app.mail', icon: MailRegular, isFor: withMailbox, load: () => import('../mail/mail.tsx') },
  { path: '/owa/calendar', name: 'calendar.title', icon: CalendarLtrRegular, isFor: withMailbox, load: () => import('../calendar/calendar.tsx') },
  { path: '/owa/people', name: 'people.title', icon: PeopleRegular, isFor: withMailbox, load: () => import('../people/people.tsx') },
  { path: '/owa/tasks', name: 'tasks.title', icon: TaskListLtrRegular, isFor: withMailbox, load: () => import('../tasks/tasks.tsx') },
  { path: '/owa/notes', name: 'notes.title', icon: NoteRegular, isFor: withMailbox, load: () => import('../notes/notes.tsx') },
  { path: '/owa/options', name: 'options.title', icon: SettingsRegular, isFor: withMailbox, load: () => import('../options/options.tsx') },
  { path: '/owa/recover', name: 'recover.title', icon: BinRecycleRegular, hidden: true, isFor: withMailbox, load: () => import('../recover/recover.tsx') },
  { path: '/ecp/hybrid', name: 'app.hybrid', icon: PlugConnectedRegular, isFor: withHybrid, load: () => import('../wizard/wizard.tsx') },
  { path: '/ecp', name: 'admin.name', icon: ShieldPersonRegular, isFor: withRoles, load: () => import('../admin/admin.tsx') },
]

/** The area that a path is in: `/ecp/hybrid/…` is in that of `/ecp/hybrid` where there is one, and else in that of `/ecp`. */
export const areaAt = (pathname: string): Area | undefined =>
  areas.filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`)).toSorted((a, b) => b.path.length - a.path.length)[0]

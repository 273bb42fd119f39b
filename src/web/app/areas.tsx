/** What the client is made of: one row an area, loaded when it is first looked at. */
import {
  BinRecycleRegular,
  MailRegular,
  NoteRegular,
  PeopleRegular,
  SettingsRegular,
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

export const areas: readonly Area[] = [
  { path: '/owa/mail', name: 'app.mail', icon: MailRegular, isFor: withMailbox, load: () => import('../mail/mail.tsx') },
  { path: '/owa/people', name: 'people.title', icon: PeopleRegular, isFor: withMailbox, load: () => import('../people/people.tsx') },
  { path: '/owa/tasks', name: 'tasks.title', icon: TaskListLtrRegular, isFor: withMailbox, load: () => import('../tasks/tasks.tsx') },
  { path: '/owa/notes', name: 'notes.title', icon: NoteRegular, isFor: withMailbox, load: () => import('../notes/notes.tsx') },
  { path: '/owa/options', name: 'options.title', icon: SettingsRegular, isFor: withMailbox, load: () => import('../options/options.tsx') },
  {
    path: '/owa/recover',
    name: 'recover.title',
    icon: BinRecycleRegular,
    hidden: true,
    isFor: withMailbox,
    load: () => import('../recover/recover.tsx'),
  },
]

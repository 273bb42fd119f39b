/** German. */
import type { Texts } from '../app/text-names.ts'
import { admin } from './de/admin.ts'
import { app } from './de/app.ts'
import { calendar } from './de/calendar.ts'
import { compose } from './de/compose.ts'
import { mail } from './de/mail.ts'
import { notes } from './de/notes.ts'
import { options } from './de/options.ts'
import { people } from './de/people.ts'
import { recover } from './de/recover.ts'
import { tasks } from './de/tasks.ts'
import { wizard } from './de/wizard.ts'

export const de: Texts = { admin, app, calendar, compose, mail, notes, options, people, recover, tasks, wizard }

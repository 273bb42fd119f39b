/** French. */
import type { Texts } from '../app/text-names.ts'
import { admin } from './fr/admin.ts'
import { app } from './fr/app.ts'
import { calendar } from './fr/calendar.ts'
import { compose } from './fr/compose.ts'
import { mail } from './fr/mail.ts'
import { notes } from './fr/notes.ts'
import { options } from './fr/options.ts'
import { people } from './fr/people.ts'
import { recover } from './fr/recover.ts'
import { tasks } from './fr/tasks.ts'
import { wizard } from './fr/wizard.ts'

export const fr: Texts = { admin, app, calendar, compose, mail, notes, options, people, recover, tasks, wizard }

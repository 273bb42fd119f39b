/** English: the texts that the other languages are measured by. */
import { admin } from './en/admin.ts'
import { app } from './en/app.ts'
import { calendar } from './en/calendar.ts'
import { compose } from './en/compose.ts'
import { mail } from './en/mail.ts'
import { notes } from './en/notes.ts'
import { options } from './en/options.ts'
import { people } from './en/people.ts'
import { recover } from './en/recover.ts'
import { tasks } from './en/tasks.ts'
import { wizard } from './en/wizard.ts'

export const en = { admin, app, calendar, compose, mail, notes, options, people, recover, tasks, wizard }

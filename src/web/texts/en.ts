/** English: the texts that the other languages are measured by. */
import { app } from './en/app.ts'
import { mail } from './en/mail.ts'
import { notes } from './en/notes.ts'
import { options } from './en/options.ts'
import { people } from './en/people.ts'
import { recover } from './en/recover.ts'
import { tasks } from './en/tasks.ts'

export const en = { app, mail, notes, options, people, recover, tasks }

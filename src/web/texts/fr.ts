/** French. */
import type { Texts } from '../app/texts.ts'
import { app } from './fr/app.ts'
import { mail } from './fr/mail.ts'
import { notes } from './fr/notes.ts'
import { options } from './fr/options.ts'
import { people } from './fr/people.ts'
import { recover } from './fr/recover.ts'
import { tasks } from './fr/tasks.ts'

export const fr: Texts = { app, mail, notes, options, people, recover, tasks }

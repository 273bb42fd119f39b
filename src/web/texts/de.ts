/** German. */
import type { Texts } from '../app/texts.ts'
import { app } from './de/app.ts'
import { mail } from './de/mail.ts'
import { notes } from './de/notes.ts'
import { options } from './de/options.ts'
import { people } from './de/people.ts'
import { recover } from './de/recover.ts'
import { tasks } from './de/tasks.ts'

export const de: Texts = { app, mail, notes, options, people, recover, tasks }

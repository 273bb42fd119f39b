/** German. */
import type { Texts } from '../app/texts.ts'
import { app } from './de/app.ts'
import { mail } from './de/mail.ts'
import { recover } from './de/recover.ts'

export const de: Texts = { app, mail, recover }

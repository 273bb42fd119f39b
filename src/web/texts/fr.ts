/** French. */
import type { Texts } from '../app/texts.ts'
import { app } from './fr/app.ts'
import { mail } from './fr/mail.ts'
import { recover } from './fr/recover.ts'

export const fr: Texts = { app, mail, recover }

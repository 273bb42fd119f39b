/** French. */
import type { Texts } from '../app/texts.ts'
import { app } from './fr/app.ts'
import { calendar } from './fr/calendar.ts'
import { mail } from './fr/mail.ts'

export const fr: Texts = { app, calendar, mail }

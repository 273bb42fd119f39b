/** German. */
import type { Texts } from '../app/texts.ts'
import { app } from './de/app.ts'
import { calendar } from './de/calendar.ts'
import { mail } from './de/mail.ts'

export const de: Texts = { app, calendar, mail }

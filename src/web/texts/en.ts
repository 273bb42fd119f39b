/** English: the texts that the other languages are measured by. */
import { app } from './en/app.ts'
import { calendar } from './en/calendar.ts'
import { mail } from './en/mail.ts'

export const en = { app, calendar, mail }

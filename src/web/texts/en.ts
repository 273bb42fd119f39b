/** English: the texts that the other languages are measured by. */
import { admin } from './en/admin.ts'
import { app } from './en/app.ts'
import { calendar } from './en/calendar.ts'
import { compose } from './en/compose.ts'
import { mail } from './en/mail.ts'
import { wizard } from './en/wizard.ts'

export const en = { admin, app, calendar, compose, mail, wizard }

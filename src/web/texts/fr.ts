/** French. */
import type { Texts } from '../app/texts.ts'
import { admin } from './fr/admin.ts'
import { app } from './fr/app.ts'
import { calendar } from './fr/calendar.ts'
import { compose } from './fr/compose.ts'
import { mail } from './fr/mail.ts'
import { wizard } from './fr/wizard.ts'

export const fr: Texts = { admin, app, calendar, compose, mail, wizard }

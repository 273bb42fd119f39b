/** English: the texts that the other languages are measured by. */
import { admin } from './en/admin.ts'
import { app } from './en/app.ts'
import { compose } from './en/compose.ts'
import { mail } from './en/mail.ts'
import { wizard } from './en/wizard.ts'

export const en = { admin, app, compose, mail, wizard }

/** English: the texts that the other languages are measured by. */
import { app } from './en/app.ts'
import { mail } from './en/mail.ts'
import { wizard } from './en/wizard.ts'

export const en = { app, mail, wizard }

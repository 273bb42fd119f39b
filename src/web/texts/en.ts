/** English: the texts that the other languages are measured by. */
import { app } from './en/app.ts'
import { mail } from './en/mail.ts'
import { recover } from './en/recover.ts'

export const en = { app, mail, recover }

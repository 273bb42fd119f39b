/** English: the texts that the other languages are measured by. */
import { app } from './en/app.ts'
import { compose } from './en/compose.ts'
import { mail } from './en/mail.ts'

export const en = { app, compose, mail }

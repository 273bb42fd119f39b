/** French. */
import type { Texts } from '../app/texts.ts'
import { app } from './fr/app.ts'
import { compose } from './fr/compose.ts'
import { mail } from './fr/mail.ts'

export const fr: Texts = { app, compose, mail }

/** German. */
import type { Texts } from '../app/texts.ts'
import { app } from './de/app.ts'
import { compose } from './de/compose.ts'
import { mail } from './de/mail.ts'

export const de: Texts = { app, compose, mail }

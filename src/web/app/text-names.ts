/** What texts are called, in every language the same. */
import type { en } from '../texts/en.ts'
import type { settings } from '../texts/en/settings.ts'

/** Texts that are loaded with their area alone. */
export interface LateTexts {
  settings: Record<keyof typeof settings, string>
}
type AllTexts = typeof en & LateTexts
type Names = { [Area in keyof AllTexts]: `${Area}.${keyof AllTexts[Area] & string}` }[keyof AllTexts]
/** Texts that go by a number: `found_one` and `found_other` are asked for as `found`. */
type Counted = Names extends infer Name ? (Name extends `${infer Base}_other` ? Base : never) : never
/** Names of texts: `mail.reply`. */
export type TextName = Exclude<Names, `${string}_one` | `${string}_other`> | Counted
type Values = Record<string, string | number>
/** `t('mail.unread', { name })`: names are checked, `{{name}}` in a text is what is given; texts that go by a number are given it as `count`. */
export type Translate = <Name extends TextName>(
  name: Name,
  ...values: Name extends Counted ? [Values & { count: number }] : [Values?]
) => string
export type Texts = { [Area in keyof typeof en]: Record<keyof (typeof en)[Area], string> }

/** The words of the client, in the language of the mailbox or the browser. One file an area and a language, loaded when the client starts. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from '../texts/en.ts'
import type { settings } from '../texts/en/settings.ts'
import type { Language } from './culture.ts'

/** Texts that are loaded with their area alone. */
interface LateTexts {
  settings: Record<keyof typeof settings, string>
}
type AllTexts = typeof en & LateTexts
/** Names of texts: `mail.reply`. */
export type TextName = { [Area in keyof AllTexts]: `${Area}.${keyof AllTexts[Area] & string}` }[keyof AllTexts]
export type Texts = { [Area in keyof typeof en]: Record<keyof (typeof en)[Area], string> }

const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import('../texts/de.ts')).de,
  fr: async () => (await import('../texts/fr.ts')).fr,
}

/** Loads the texts of a language. Times and numbers go by the culture itself. */
export async function prepareTexts(language: Language): Promise<void> {
  const texts = await loaders[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: texts } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

/** Adds texts that are loaded late, in the language that was chosen: to be awaited before they are shown. */
export async function addTexts(load: Readonly<Record<Language, () => Promise<Partial<LateTexts>>>>): Promise<void> {
  const { language } = i18next
  i18next.addResourceBundle(language, 'translation', await load[language as Language](), true)
}

/** `t('mail.unread', { count: 3 })`: names are checked, `{{count}}` in a text is what is given. */
export function useTexts(): { t: (name: TextName, values?: Record<string, string | number>) => string } {
  const { t } = useTranslation()
  return { t: (name, values) => t(name, values ?? {}) }
}

/** The words of the client, in the language of the mailbox or the browser. One file an area and a language, loaded when the client starts. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from '../texts/en.ts'
import type { Language } from './culture.ts'

/** Names of texts: `mail.reply`. */
export type TextName = { [Area in keyof typeof en]: `${Area}.${keyof (typeof en)[Area] & string}` }[keyof typeof en]
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

/** `t('mail.unread', { count: 3 })`: names are checked, `{{count}}` in a text is what is given. */
export function useTexts(): { t: (name: TextName, values?: Record<string, string | number>) => string } {
  const { t } = useTranslation()
  return { t: (name, values) => t(name, values ?? {}) }
}

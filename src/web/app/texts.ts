/** The words of the client, in the language of the mailbox or the browser. One file an area and a language, loaded when the client starts. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from '../texts/en.ts'
import type { Language } from './culture.ts'
import { ofMillions } from './plurals.ts'
import type { LateTexts, Texts, Translate } from './text-names.ts'

export type { TextName, Texts, Translate } from './text-names.ts'

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
    resources: { [language]: { translation: ofMillions(texts) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

/** Adds texts that are loaded late, in the language that was chosen: to be awaited before they are shown. */
export async function addTexts(load: Readonly<Record<Language, () => Promise<Partial<LateTexts>>>>): Promise<void> {
  const { language } = i18next
  i18next.addResourceBundle(language, 'translation', ofMillions(await load[language as Language]()), true)
}

export function useTexts(): { t: Translate } {
  const { t } = useTranslation()
  return { t: (name, ...[values]) => t(name as string, values ?? {}) }
}

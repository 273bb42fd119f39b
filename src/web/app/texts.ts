/** The words of the client, in the language of the mailbox or the browser. One file an area and a language, loaded when the client starts. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from '../texts/en.ts'
import { ofMillions } from './plurals.ts'
import type { Texts, Translate } from './text-names.ts'

export type { TextName, Texts, Translate } from './text-names.ts'

const languages: Readonly<Record<string, () => Promise<Texts>>> = {
  en: async () => en,
  de: async () => (await import('../texts/de.ts')).de,
  fr: async () => (await import('../texts/fr.ts')).fr,
}
const rightToLeft = new Set(['ar', 'he', 'fa', 'ur'])

/** Loads the first language that there is of those wanted; English otherwise. Times and numbers go by the culture itself. */
export async function prepareTexts(wanted: readonly (string | undefined)[]) {
  const asked = new URLSearchParams(location.search).get('dir')
  const culture = wanted.find((name) => name !== undefined && Object.hasOwn(languages, name.slice(0, 2).toLowerCase())) ?? 'en'
  const language = culture.slice(0, 2).toLowerCase()
  const texts = await languages[language]!()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: ofMillions(texts) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  formats.culture = culture
  return { language, direction: asked === 'rtl' || rightToLeft.has(language) ? 'rtl' : 'ltr' } as const
}

/** In what culture dates and numbers are written. */
const formats = { culture: 'en' }
export const culture = (): string => formats.culture

export function useTexts(): { t: Translate } {
  const { t } = useTranslation()
  return { t: (name, ...[values]) => t(name as string, values ?? {}) }
}

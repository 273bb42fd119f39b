/** The words of the client, in the language of the mailbox or the browser. One file an area and a language, loaded when the client starts. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from '../texts/en.ts'

/** Names of texts: `mail.reply`. */
export type TextName = { [Area in keyof typeof en]: `${Area}.${keyof (typeof en)[Area] & string}` }[keyof typeof en]
export type Texts = { [Area in keyof typeof en]: Record<keyof (typeof en)[Area], string> }

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
    resources: { [language]: { translation: texts } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  formats.culture = culture
  return { language, direction: asked === 'rtl' || rightToLeft.has(language) ? 'rtl' : 'ltr' } as const
}

/** In what culture dates and numbers are written. */
const formats = { culture: 'en' }
export const culture = (): string => formats.culture

/** `t('mail.unread', { count: 3 })`: names are checked, `{{count}}` in a text is what is given. */
export function useTexts(): { t: (name: TextName, values?: Record<string, string | number>) => string } {
  const { t } = useTranslation()
  return { t: (name, values) => t(name, values ?? {}) }
}

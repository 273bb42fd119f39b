/** The words of the client, in the language of the mailbox or the browser. One file an area and a language, loaded when the client starts. */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from '../texts/en.ts'
import type { settings } from '../texts/en/settings.ts'

/** Texts that are loaded with their area alone. */
interface LateTexts {
  settings: Record<keyof typeof settings, string>
}
type AllTexts = typeof en & LateTexts
/** Names of texts: `mail.reply`. */
export type TextName = { [Area in keyof AllTexts]: `${Area}.${keyof AllTexts[Area] & string}` }[keyof AllTexts]
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
  prepared.resolve()
  return { language, direction: asked === 'rtl' || rightToLeft.has(language) ? 'rtl' : 'ltr' } as const
}

/** What is shown first is fetched beside the texts: only now is the language known. */
const prepared = Promise.withResolvers<void>()

/** Adds texts that are loaded late, in the language that was chosen: to be awaited before they are shown. */
export async function addTexts(load: Readonly<Record<'en' | 'de' | 'fr', () => Promise<Partial<LateTexts>>>>): Promise<void> {
  await prepared.promise
  const { language } = i18next
  i18next.addResourceBundle(language, 'translation', await load[language as keyof typeof load](), true)
}

/** In what culture dates and numbers are written. */
const formats = { culture: 'en' }
export const culture = (): string => formats.culture

/** `t('mail.unread', { count: 3 })`: names are checked, `{{count}}` in a text is what is given. */
export function useTexts(): { t: (name: TextName, values?: Record<string, string | number>) => string } {
  const { t } = useTranslation()
  return { t: (name, values) => t(name, values ?? {}) }
}

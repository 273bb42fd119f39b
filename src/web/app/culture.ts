/** In what language and culture the client speaks: as the mailbox says, or else the browser. */

/** Languages that there are texts in. */
export const languages = ['en', 'de', 'fr'] as const
export type Language = (typeof languages)[number]
const rightToLeft = new Set(['ar', 'he', 'fa', 'ur'])

const isSpoken = (name: string): name is Language => (languages as readonly string[]).includes(name)
const languageOf = (culture: string) => culture.slice(0, 2).toLowerCase()
const kept = { culture: 'en' }

/** In what culture dates and numbers are written. */
export const culture = (): string => kept.culture

/** Chooses the first culture of those wanted whose language is spoken, English otherwise, and tells the page so. */
export function speak(wanted: readonly (string | undefined)[]): { language: Language; direction: 'ltr' | 'rtl' } {
  const chosen = wanted.find((name) => name !== undefined && isSpoken(languageOf(name))) ?? 'en'
  const language = languageOf(chosen) as Language
  const direction = new URLSearchParams(location.search).get('dir') === 'rtl' || rightToLeft.has(language) ? 'rtl' : 'ltr'
  kept.culture = chosen
  document.documentElement.lang = language
  document.documentElement.dir = direction
  return { language, direction }
}

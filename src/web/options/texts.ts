import { addTexts } from '../app/texts.ts'

/** The texts of this area, which come when it is first looked at. */
export const optionTexts = addTexts({
  en: () => import('../texts/en/settings.ts'),
  de: () => import('../texts/de/settings.ts'),
  fr: () => import('../texts/fr/settings.ts'),
})

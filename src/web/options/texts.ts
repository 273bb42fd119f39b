import { addTexts } from '../app/texts.ts'

await addTexts({
  en: () => import('../texts/en/settings.ts'),
  de: () => import('../texts/de/settings.ts'),
  fr: () => import('../texts/fr/settings.ts'),
})

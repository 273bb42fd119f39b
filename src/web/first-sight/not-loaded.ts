import type { Language } from '../app/culture.ts'

const texts: Readonly<Record<Language, readonly [why: string, again: string]>> = {
  en: ['The page could not be loaded.', 'Load it again'],
  de: ['Die Seite konnte nicht geladen werden.', 'Erneut laden'],
  fr: ['La page n’a pas pu être chargée.', 'La recharger'],
}

/** Says that the client did not come, above whatever is seen already. */
export function notLoaded(root: Element, error: unknown): void {
  const [why, again] = texts[document.documentElement.lang as Language] ?? texts.en
  const bar = document.createElement('div')
  bar.className = 'sight-failed'
  bar.setAttribute('role', 'alert')
  const button = document.createElement('button')
  button.textContent = again
  button.addEventListener('click', () => location.reload())
  bar.append(`${why} ${error instanceof Error ? error.message : ''} `, button)
  root.prepend(bar)
}

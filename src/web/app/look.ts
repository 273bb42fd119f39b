/** Light or dark, as people chose it or as their system is. Kept by the browser. */

/** `system` follows the system. */
export type Look = 'system' | 'light' | 'dark'
const kept = 'isthmus.look'
const dark = matchMedia('(prefers-color-scheme: dark)')
const changes = new EventTarget()

export const look = (): Look => (localStorage.getItem(kept) as Look | null) ?? 'system'
export function chooseLook(chosen: Look): void {
  localStorage.setItem(kept, chosen)
  changes.dispatchEvent(new Event('change'))
}

export const isDark = (): boolean => look() === 'dark' || (look() === 'system' && dark.matches)

/** Calls back when it changes, until what is answered is called. */
export function onLook(changed: () => void): () => void {
  dark.addEventListener('change', changed)
  changes.addEventListener('change', changed)
  return () => {
    dark.removeEventListener('change', changed)
    changes.removeEventListener('change', changed)
  }
}

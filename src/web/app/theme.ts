import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from '@fluentui/react-components'
import { useSyncExternalStore } from 'react'

/** From deep water to a pale shore. Text on 80 and on 70 in white has a contrast of more than 4.5 (WCAG 2.2 1.4.3). */
const brand: BrandVariants = { 10: '#001418', 20: '#00222a', 30: '#00323d', 40: '#00414e', 50: '#00505f', 60: '#005f71', 70: '#006b7f', 80: '#00778d', 90: '#1b859a', 100: '#3b93a6', 110: '#57a1b2', 120: '#72afbe', 130: '#8dbdca', 140: '#a7ccd6', 150: '#c2dbe2', 160: '#deebef' } // prettier-ignore
/** Where Fluent takes a colour of the ramp for text that is too dark on its dark backgrounds. */
const brighter = { colorBrandForeground1: brand[120], colorBrandForeground2: brand[130], colorBrandForegroundLink: brand[120], colorBrandForegroundLinkHover: brand[130], colorBrandForegroundLinkPressed: brand[110], colorNeutralForeground2BrandHover: brand[120], colorNeutralForeground2BrandPressed: brand[110], colorNeutralForeground2BrandSelected: brand[120], colorNeutralForeground3BrandHover: brand[120], colorNeutralForeground3BrandPressed: brand[110], colorNeutralForeground3BrandSelected: brand[120] } // prettier-ignore
const themes = { light: createLightTheme(brand), dark: { ...createDarkTheme(brand), ...brighter } }

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

const isDark = (): boolean => look() === 'dark' || (look() === 'system' && dark.matches)
function subscribe(changed: () => void): () => void {
  dark.addEventListener('change', changed)
  changes.addEventListener('change', changed)
  return () => {
    dark.removeEventListener('change', changed)
    changes.removeEventListener('change', changed)
  }
}

export function useTheme(): Theme {
  const theme = useSyncExternalStore(subscribe, isDark) ? themes.dark : themes.light
  document.documentElement.style.colorScheme = theme === themes.dark ? 'dark' : 'light'
  return theme
}

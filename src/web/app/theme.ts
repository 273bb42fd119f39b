import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from '@fluentui/react-components'
import { useSyncExternalStore } from 'react'
import { isDark, onLook } from './look.ts'

/** From deep water to a pale shore. Text on 80 and on 70 in white has a contrast of more than 4.5 (WCAG 2.2 1.4.3). */
const brand: BrandVariants = { 10: '#001418', 20: '#00222a', 30: '#00323d', 40: '#00414e', 50: '#00505f', 60: '#005f71', 70: '#006b7f', 80: '#00778d', 90: '#1b859a', 100: '#3b93a6', 110: '#57a1b2', 120: '#72afbe', 130: '#8dbdca', 140: '#a7ccd6', 150: '#c2dbe2', 160: '#deebef' } // prettier-ignore
/** Where Fluent takes a colour of the ramp for text that is too dark on its dark backgrounds. */
const brighter = { colorBrandForeground1: brand[120], colorBrandForeground2: brand[130], colorBrandForegroundLink: brand[120], colorBrandForegroundLinkHover: brand[130], colorBrandForegroundLinkPressed: brand[110], colorNeutralForeground2BrandHover: brand[120], colorNeutralForeground2BrandPressed: brand[110], colorNeutralForeground2BrandSelected: brand[120], colorNeutralForeground3BrandHover: brand[120], colorNeutralForeground3BrandPressed: brand[110], colorNeutralForeground3BrandSelected: brand[120] } // prettier-ignore
const themes = { light: createLightTheme(brand), dark: { ...createDarkTheme(brand), ...brighter } }

/** Whether the client is shown dark. */
export const useIsDark = (): boolean => useSyncExternalStore(onLook, isDark)

export function useTheme(): Theme {
  const theme = useIsDark() ? themes.dark : themes.light
  document.documentElement.style.colorScheme = theme === themes.dark ? 'dark' : 'light'
  return theme
}

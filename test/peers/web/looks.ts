import type { Page } from 'playwright-core'
import { accessible, picture } from './client.ts'

/** Keeps pictures of a page as it stands: dark, and dark on a phone. Nothing of it hinders anybody in either. */
export async function looks(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()!
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible(page)
  await picture(page, `${name}-dark`)
  await page.setViewportSize({ width: 390, height: 844 })
  await accessible(page)
  await picture(page, `${name}-phone`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(size)
}

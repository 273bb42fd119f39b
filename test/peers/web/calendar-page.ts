/** What journeys through the calendar have in common. */
import type { Page } from 'playwright-core'

/** Monday of this week, which begins on Sunday, by the clock that the mailboxes have (UTC). */
export function monday(): number {
  const now = new Date()
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - now.getUTCDay() + 1)
}
export const hour = 3_600_000
export const day = 24 * hour
export const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** No dialog is open any more, and what stood behind it can be reached again. */
export async function closed(page: Page): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('toolbar', { name: 'Calendar' }).waitFor()
}

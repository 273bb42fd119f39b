/** What people drag into a page or paste there from elsewhere. */
import type { Page } from 'playwright-core'

/** A picture of one red point (PNG). */
export const redPoint = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
)

export interface GivenFile {
  name: string
  type: string
  content: Buffer
}

/** The text that is being written. */
export const writtenText = '.ProseMirror'

/** Drops files onto an element, or pastes them into it. */
export async function giveFiles(page: Page, selector: string, how: 'drop' | 'paste', files: readonly GivenFile[]): Promise<void> {
  const list = JSON.stringify(files.map(({ name, type, content }) => ({ name, type, content: content.toString('base64') })))
  const event = how === 'drop' ? "DragEvent('drop', { dataTransfer: data" : "ClipboardEvent('paste', { clipboardData: data"
  await page.evaluate(`(() => {
    const data = new DataTransfer()
    for (const { name, type, content } of ${list})
      data.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name, { type }))
    document.querySelector(${JSON.stringify(selector)}).dispatchEvent(new ${event}, bubbles: true, cancelable: true }))
  })()`)
}

/** The words of PDF files, by pdf.js. */
import { getDocumentProxy } from 'unpdf'

/** Pages that are looked at. */
const mostPages = 2000

/** A PDF's text, page after page, until it is `most` characters. Throws for what is damaged, or asks for a password. */
export async function pdfText(bytes: Uint8Array, most: number): Promise<string> {
  // The library takes the bytes for itself, so it gets its own.
  const document = await getDocumentProxy(new Uint8Array(bytes), { disableFontFace: true, verbosity: 0 })
  try {
    let text = ''
    for (let number = 1; number <= Math.min(document.numPages, mostPages) && text.length < most; number++) {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str
      text += '\n'
      page.cleanup()
    }
    return text.slice(0, most)
  } finally {
    await document.loadingTask.destroy()
  }
}

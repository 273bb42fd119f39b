import { textToHtmlDocument } from './from-text.ts'
import { filterHtml } from './sanitize.ts'

/** A body as a reader may show it anywhere: safe HTML in one document ([MS-OXWSCORE] 2.2.4.24 NormalizedBody). */
export function normalisedBody(body: { type: 'HTML' | 'Text'; value: string }): { type: 'HTML'; value: string } {
  if (body.type === 'Text') return { type: 'HTML', value: textToHtmlDocument(body.value) }
  const safe = filterHtml(body.value)
  return { type: 'HTML', value: /<html[\s>]/i.test(safe) ? safe : `<html><body>${safe}</body></html>` }
}

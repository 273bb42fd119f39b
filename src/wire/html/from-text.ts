const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as it may stand between tags or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (mark) => escapes[mark] ?? mark)
}

/** A plain text as an HTML fragment that shows the same: line breaks and runs of spaces kept. */
export function textToHtml(text: string): string {
  return escapeHtml(text)
    .replace(/\r\n?|\n/g, '<br>\r\n')
    .replace(/ {2,}/g, (run) => '&nbsp;'.repeat(run.length - 1) + ' ')
}

/** A plain text as a whole HTML document. */
export function textToHtmlDocument(text: string): string {
  return `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><div>${textToHtml(text)}</div></body></html>`
}

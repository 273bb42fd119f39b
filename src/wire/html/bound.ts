/** Characters of HTML that are looked at, and how deep its elements may be nested; what is beyond is cut off. */
export const htmlLimit = 1_000_000
const deepest = 400

/** Elements that have no end tag, or whose end tag is usually left out: they do not count as nesting. */
const flat = new Set(
  'area base br col embed hr img input link meta source track wbr p li dt dd td th tr thead tbody tfoot option colgroup'.split(' '),
)

/** The beginning of an HTML text that can be read in time proportional to its length: readers are quadratic in the depth. */
export function boundHtml(html: string): string {
  const text = html.length > htmlLimit ? html.slice(0, htmlLimit) : html
  let depth = 0
  for (const match of text.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (flat.has((match[2] ?? '').toLowerCase())) continue
    depth = match[1] ? Math.max(0, depth - 1) : depth + 1
    if (depth > deepest) return text.slice(0, match.index)
  }
  return text
}

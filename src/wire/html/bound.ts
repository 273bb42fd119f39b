/** Characters of HTML that are looked at, and how deep its elements may be nested; what is beyond is cut off. */
export const htmlLimit = 1_000_000
const deepest = 400

/** Elements that have no end tag, or whose end tag is usually left out: they do not count as nesting. */
const flat = new Set(
  'area base br col embed hr img input link meta source track wbr p li dt dd td th tr thead tbody tfoot option colgroup'.split(' '),
)

/** The elements that are open at a place. An end tag closes what was opened inside its element as well; one without element closes nothing. */
export function openElements(): { names: readonly string[]; open(name: string): number; close(name: string): void } {
  const names: string[] = []
  const counts = new Map<string, number>()
  return {
    names,
    open(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      return names.push(name)
    },
    close(name) {
      if (!counts.get(name)) return
      for (let last = names.pop(); last !== undefined; last = last === name ? undefined : names.pop()) {
        counts.set(last, (counts.get(last) ?? 1) - 1)
      }
    },
  }
}

/** The beginning of an HTML text that can be read in time proportional to its length: readers are quadratic in the depth. */
export function boundHtml(html: string): string {
  const text = html.length > htmlLimit ? html.slice(0, htmlLimit) : html
  const open = openElements()
  for (const match of text.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    const name = (match[2] ?? '').toLowerCase()
    if (flat.has(name)) continue
    if (match[1]) open.close(name)
    else if (open.open(name) > deepest) return text.slice(0, match.index)
  }
  return text
}

/** Characters that are looked at; the index keeps fewer. */
const longest = 1_000_000
const unseen = /^<(style|script)\b/i

/** The text of HTML between its tags, styles and scripts left out: for the index. One pass, so that broken markup costs no more than its length. */
export function withoutMarkup(html: string): string {
  const text = html.slice(0, longest)
  const lower = text.toLowerCase()
  const unclosed = new Set<string>()
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('<', at)
    words.push(text.slice(at, open < 0 ? text.length : open))
    if (open < 0) break
    const close = text.indexOf('>', open)
    if (close < 0) break
    at = close + 1
    const name = unseen.exec(text.slice(open, open + 8))?.[1]?.toLowerCase()
    if (!name || unclosed.has(name)) continue
    const end = lower.indexOf(`</${name}`, at)
    if (end >= 0) at = end
    else unclosed.add(name)
  }
  return words.join(' ').replace(/&[a-z0-9#]{1,10};/gi, ' ')
}

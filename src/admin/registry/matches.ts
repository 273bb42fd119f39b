/** `To*` names every text that begins so, `To` that text alone; upper and lower case are alike. */
export function matches(text: string, pattern: string): boolean {
  if (!pattern.includes('*')) return text.toLowerCase() === pattern.toLowerCase()
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const last = rest.pop() ?? ''
  const folded = text.toLowerCase()
  if (!folded.startsWith(first) || !folded.endsWith(last) || folded.length < first.length + last.length) return false
  let at = first.length
  for (const part of rest) {
    const found = folded.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= folded.length - last.length
}

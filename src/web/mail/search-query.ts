/** What a search is narrowed by, beside its words. */
export interface Refiners {
  files: boolean
  unread: boolean
  from: string
  /** As a query says it: `today`; empty = at any time. */
  date: string
}
/** How long words and sender may be: with all refiners the query stays within the 1000 characters that the site takes. */
export const mostWords = 700
export const mostFrom = 200

export const unrefined: Refiners = { files: false, unread: false, from: '', date: '' }

/** The query of a search: its words and refiners, as Exchange's clients write it (AQS). */
export function queryOf(words: string, { files, unread, from, date }: Refiners): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '')}"`
  const parts = [
    words.trim(),
    files ? 'hasattachment:yes' : '',
    unread ? 'is:unread' : '',
    from.trim() ? `from:${quoted(from.trim())}` : '',
    date ? `received:${quoted(date)}` : '',
  ]
  // What people wrote stays together: `a OR b` is narrowed as a whole.
  const [own = '', ...others] = parts
  const narrowed = others.filter(Boolean)
  return [own && narrowed.length > 0 && /\bOR\b/.test(own) ? `(${own})` : own, ...narrowed].filter(Boolean).join(' ')
}

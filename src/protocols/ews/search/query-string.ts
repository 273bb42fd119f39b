import type { Restriction } from '#model'

/** The fields of the query language that name a property ([MS-KQL] property restrictions as EWS takes them). */
const textFields: Readonly<Record<string, string[]>> = {
  subject: ['subject'],
  from: ['from'],
  to: ['displayTo'],
  cc: ['displayCc'],
  participants: ['from', 'displayTo', 'displayCc'],
  body: ['body'],
  category: ['categories'],
}
const contains = (property: string, value: string): Restriction => ({
  contains: { property },
  value,
  mode: 'Substring',
  comparison: 'IgnoreCase',
})
const equals = (property: string, value: string): Restriction => ({ compare: { property }, is: '=', with: { value } })

/**
 * A QueryString ([MS-OXWSSRCH] 2.2.4.23): `field:value` terms and words. What names a field becomes a restriction; the rest is
 * searched as words. Never refuses: what it does not understand is a word.
 */
export function parseQuery(text: string): { restriction?: Restriction; words?: string } {
  const restrictions: Restriction[] = []
  const words: string[] = []
  for (const [, field, phrase, bare] of text.slice(0, 10_000).matchAll(/(?:([A-Za-z]+):)?(?:"([^"]*)"|([^\s"]+))/g)) {
    const value = (phrase ?? bare ?? '').trim()
    if (value === '' || (field === undefined && phrase === undefined && /^(AND|OR|NOT)$/.test(value))) continue
    const restriction = field === undefined ? undefined : fieldRestriction(field.toLowerCase(), value)
    if (restriction) restrictions.push(restriction)
    else words.push(field === undefined ? value : `${field} ${value}`)
  }
  const restriction = restrictions.length > 1 ? { and: restrictions } : restrictions[0]
  return { ...(restriction ? { restriction } : {}), ...(words.length > 0 ? { words: words.join(' ') } : {}) }
}

function fieldRestriction(field: string, value: string): Restriction | undefined {
  const names = textFields[field]
  if (names) {
    const all = names.map((name) => contains(name, value))
    return all.length > 1 ? { or: all } : all[0]
  }
  if (field === 'hasattachment' || field === 'hasattachments') return equals('hasAttachments', String(/^(true|yes|1)$/i.test(value)))
  if (field === 'isread') return equals('isRead', String(/^(true|yes|1)$/i.test(value)))
  if (field === 'importance') return equals('importance', value[0]?.toUpperCase() + value.slice(1).toLowerCase())
  if (field === 'kind' && /^(email|mail|meetings|contacts|tasks|notes)$/i.test(value)) return kindRestriction(value.toLowerCase())
  return undefined
}

function kindRestriction(kind: string): Restriction {
  const prefix = { meetings: 'IPM.Appointment', contacts: 'IPM.Contact', tasks: 'IPM.Task', notes: 'IPM.StickyNote' }[kind] ?? 'IPM.Note'
  return { contains: { property: 'itemClass' }, value: prefix, mode: 'Prefixed', comparison: 'IgnoreCase' }
}

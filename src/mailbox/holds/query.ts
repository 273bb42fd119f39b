import { Refusal, TimeSpan, utc, type Instant, type Restriction } from '#model'
import { checkedRestriction } from '../find/conditions.ts'
import { kindNames, ofKind, parseQuery } from '../search/aqs/index.ts'
import type { MailboxHold } from './contract.ts'

const day = 86_400_000

/** The kinds of items that a search or hold can be about (-MessageTypes), in lower case. */
export const messageTypes: readonly string[] = kindNames

/** How long a hold keeps an item, in ms from when it came; Infinity = for good. Undefined = the text is no period of at least a day. */
export function periodOf(text: string): number | undefined {
  const plain = text.trim()
  if (plain === '' || /^unlimited$/i.test(plain)) return Infinity
  const span = TimeSpan.parse(plain)
  return span && span.ms >= day ? span.ms : undefined
}

/** What a hold is about as a restriction; undefined = everything. What cannot be read → SearchQueryHasTooManyKeywords, RestrictionTooComplex, InvalidArgument. */
export function restrictionOf(hold: MailboxHold): Restriction | undefined {
  const { query, senders = [], recipients = [], messageTypes = [], start, end, created, changed = created, asked = changed } = hold
  const people = (names: readonly string[], fields: ('from' | 'to' | 'cc')[]): Restriction[] =>
    names.length === 0 ? [] : [{ or: names.map((words) => ({ words, in: fields, whole: true })) }]
  const received = (is: '>=' | '<', at: Instant): Restriction => ({
    compare: { property: 'dateTimeReceived' },
    is,
    with: { value: new Date(at).toISOString() },
  })
  const words = parseQuery(query, { zone: utc, now: asked })
  const and = [
    ...(words ? [words] : []),
    ...people(senders, ['from']),
    ...people(recipients, ['to', 'cc']),
    ...(messageTypes.length > 0 ? [{ or: messageTypes.map(kind) }] : []),
    ...(start === undefined ? [] : [received('>=', start)]),
    ...(end === undefined ? [] : [received('<', end)]),
  ]
  return and.length === 0 ? undefined : checkedRestriction({ and })
}

/** Whether two holds keep the same, of the mailboxes that each is about: what their queries ask with the dates in them, and how long. */
export function isSameHold(one: MailboxHold, other: MailboxHold): boolean {
  const said = (hold: MailboxHold) => JSON.stringify([restrictionOf(hold) ?? null, String(periodOf(hold.period ?? '') ?? hold.period)])
  return said(one) === said(other)
}

function kind(name: string): Restriction {
  const found = ofKind(name)
  if (!found) throw new Refusal('InvalidArgument', `MessageTypes: '${name.slice(0, 64)}' is none of ${kindNames.join(', ')}`)
  return found
}

/** What each field of a query asks, as a row. A rule that cannot read a value answers undefined: then it is searched as a word. */
import type { PropertyPath, Restriction, TextField } from '#model'
import { spanOf, type QueryTime, type Span } from './dates.ts'
import { sizesOf } from './sizes.ts'
import type { Sign } from './tokens.ts'

/** A value of a query. */
export interface Said {
  text: string
  quoted: boolean
  sign: Sign
}
export type FieldRule = (value: Said, time: QueryTime) => Restriction | undefined

/** Where a phrase is looked for, word beside word. The text of attachments is not kept: there its words are enough. */
const phrasePaths: Readonly<Record<TextField, readonly string[]>> = {
  subject: ['subject'],
  from: ['from', 'sender', 'organizer'],
  to: ['toRecipients', 'requiredAttendees'],
  cc: ['ccRecipients', 'bccRecipients', 'optionalAttendees', 'resources'],
  body: ['textBody'],
  attachment: [],
  category: ['categories'],
  other: ['location', 'displayName', 'companyName', 'fileAs'],
}
const everywhere = Object.keys(phrasePaths) as TextField[]
const severalWords = /[\p{L}\p{N}][^\p{L}\p{N}]+[\p{L}\p{N}]/u

/** Words in some fields (absent = in any): as beginnings of words, a quoted text whole and in its order, `<>` = not there. */
export function wordsIn(...fields: TextField[]): FieldRule {
  const scope = fields.length > 0 ? { in: fields } : {}
  return ({ text, quoted, sign }) => {
    const whole = quoted || sign === '='
    const words: Restriction = { words: text, ...scope, ...(whole ? { whole } : {}) }
    const found = quoted && severalWords.test(text) ? { and: [words, phrase(text, fields.length > 0 ? fields : everywhere)] } : words
    return sign === '<>' ? { not: found } : found
  }
}

function phrase(text: string, fields: readonly TextField[]): Restriction {
  const beside = fields
    .flatMap((field) => phrasePaths[field])
    .map((property): Restriction => ({
      contains: { property },
      value: text,
      mode: 'ExactPhrase',
      comparison: 'IgnoreCaseAndNonSpacingCharacters',
    }))
  const attached: Restriction[] = fields.includes('attachment') ? [{ words: text, in: ['attachment'], whole: true }] : []
  return { or: [...beside, ...attached] }
}

const path = (property: string): PropertyPath => ({ property })
const equals = (property: string, value: string): Restriction => ({ compare: path(property), is: '=', with: { value } })

/** `from` (included) to `to` (excluded) as a comparison with the sign before it. */
function within(property: string, [from, to]: Span, sign: Sign, write: (value: number) => string): Restriction {
  const compare = (is: '<' | '>=', value: number): Restriction => ({ compare: path(property), is, with: { value: write(value) } })
  const before = (value: number | undefined): Restriction => (value === undefined ? { or: [] } : compare('<', value))
  const since = (value: number | undefined): Restriction => (value === undefined ? { or: [] } : compare('>=', value))
  switch (sign) {
    case '<':
      return before(from)
    case '<=':
      return before(to)
    case '>':
      return since(to)
    case '>=':
      return since(from)
    default: {
      const and = [...(from === undefined ? [] : [since(from)]), ...(to === undefined ? [] : [before(to)])]
      return sign === '<>' ? { not: { and } } : { and }
    }
  }
}

const onDate =
  (property: string): FieldRule =>
  ({ text, sign }, time) => {
    const span = spanOf(text, time)
    return span && within(property, span, sign, (value) => new Date(value).toISOString())
  }

const ofSize: FieldRule = ({ text, sign }) => {
  const range = sizesOf(text)
  return range && within('size', range, sign, String)
}

function flag(property: string, yes: readonly string[] = [], no: readonly string[] = []): FieldRule {
  return ({ text, sign }) => {
    const word = text.toLowerCase()
    const is = ['true', 'yes', '1', ...yes].includes(word) ? true : ['false', 'no', '0', ...no].includes(word) ? false : undefined
    return is === undefined ? undefined : equals(property, String(sign === '<>' ? !is : is))
  }
}

/** One of a property's choices, by its name. */
function chosen(property: string, choices: Readonly<Record<string, string>>): FieldRule {
  return ({ text, sign }) => {
    const value = choices[text.toLowerCase()]
    if (value === undefined) return undefined
    return sign === '<>' ? { not: equals(property, value) } : equals(property, value)
  }
}

const classes: Readonly<Record<string, readonly string[]>> = {
  email: ['IPM.Note'],
  mail: ['IPM.Note'],
  message: ['IPM.Note'],
  meetings: ['IPM.Appointment', 'IPM.Schedule.Meeting'],
  calendar: ['IPM.Appointment', 'IPM.Schedule.Meeting'],
  appointment: ['IPM.Appointment'],
  appointments: ['IPM.Appointment'],
  contacts: ['IPM.Contact', 'IPM.DistList'],
  contact: ['IPM.Contact', 'IPM.DistList'],
  tasks: ['IPM.Task'],
  task: ['IPM.Task'],
  notes: ['IPM.StickyNote'],
  note: ['IPM.StickyNote'],
  posts: ['IPM.Post'],
  journals: ['IPM.Activity'],
  faxes: ['IPM.Note.Microsoft.Fax'],
  voicemail: ['IPM.Note.Microsoft.Voicemail'],
  im: ['IPM.Note.Microsoft.Conversation'],
  docs: ['IPM.Document'],
  rssfeeds: ['IPM.Post.RSS'],
}
/** The kinds of items by name, in lower case. */
export const kindNames: readonly string[] = Object.keys(classes)

const ofClass = (value: string): Restriction => ({
  contains: path('itemClass'),
  value,
  mode: 'Prefixed',
  comparison: 'IgnoreCase',
})

/** Items of a kind; undefined = there is none of this name. */
export function ofKind(name: string): Restriction | undefined {
  const key = name.trim().toLowerCase()
  const found = Object.hasOwn(classes, key) ? classes[key] : undefined
  return found && { or: found.map(ofClass) }
}

const kind: FieldRule = ({ text, sign }) => {
  const found = ofKind(text)
  return found && sign === '<>' ? { not: found } : found
}

const itemClass: FieldRule = ({ text, quoted }) => (quoted ? ({ ...ofClass(text), mode: 'FullString' } as Restriction) : ofClass(text))

const importance = chosen('importance', { low: 'Low', normal: 'Normal', medium: 'Normal', high: 'High' })
const sensitivity = chosen('sensitivity', { normal: 'Normal', personal: 'Personal', private: 'Private', confidential: 'Confidential' })

const dates: Readonly<Record<string, string>> = {
  received: 'dateTimeReceived',
  date: 'dateTimeReceived',
  sent: 'dateTimeSent',
  created: 'dateTimeCreated',
  modified: 'lastModifiedTime',
  start: 'start',
  end: 'end',
}
/** The fields whose value is a date. */
export const dateFields: ReadonlySet<string> = new Set(Object.keys(dates))

/** The fields by name, in lower case. */
export const fieldRules: Readonly<Record<string, FieldRule>> = {
  subject: wordsIn('subject'),
  title: wordsIn('subject'),
  from: wordsIn('from'),
  sender: wordsIn('from'),
  organizer: wordsIn('from'),
  to: wordsIn('to'),
  cc: wordsIn('cc'),
  bcc: wordsIn('cc'),
  recipients: wordsIn('to', 'cc'),
  participants: wordsIn('from', 'to', 'cc'),
  people: wordsIn('from', 'to', 'cc'),
  body: wordsIn('body'),
  content: wordsIn('body'),
  contents: wordsIn('body'),
  attachment: wordsIn('attachment'),
  attachments: wordsIn('attachment'),
  attachmentnames: wordsIn('attachment'),
  filename: wordsIn('attachment'),
  category: wordsIn('category'),
  categories: wordsIn('category'),
  keywords: wordsIn('category'),
  location: wordsIn('other'),
  hasattachment: flag('hasAttachments'),
  hasattachments: flag('hasAttachments'),
  isread: flag('isRead'),
  read: flag('isRead'),
  is: flag('isRead', ['read'], ['unread']),
  has: ({ text }) => (/^attachments?$/i.test(text) ? equals('hasAttachments', 'true') : undefined),
  importance,
  priority: importance,
  sensitivity,
  kind,
  itemclass: itemClass,
  messageclass: itemClass,
  ...Object.fromEntries(Object.entries(dates).map(([name, property]) => [name, onDate(property)])),
  size: ofSize,
}

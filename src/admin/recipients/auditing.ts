import { auditableBy, auditedActionsOf, logonTypes, usualAgeLimit, usuallyAudited, type LogonType } from '#mailbox'
import { Refusal, TimeSpan } from '#model'
import * as take from '../registry/parameter.ts'
import type { Change, RecipientProperty } from './property.ts'

const nouns = ['Mailbox'] as const
/** As long as Exchange takes. */
const longest = 24_855 * 86_400_000

/** The value is kept under the row's name, where the mailbox verbs look for it (`mailbox/audit/auditing`); undefined = as usual. */
const put = (name: string, value: string | boolean | readonly string[] | undefined): Change => {
  return ({ kept }) => {
    const { [name]: _, ...others } = kept ?? {}
    return { kept: value === undefined ? others : { ...others, [name]: value } }
  }
}

const enabled: RecipientProperty = {
  name: 'AuditEnabled',
  nouns,
  parameter: take.optional(take.boolean(), {
    summary: 'Whether it is written down what others do in the mailbox, and its owner; $true at first.',
  }),
  get: ({ kept }) => kept?.AuditEnabled !== false,
  set: (value) => put('AuditEnabled', value === true),
}

const ageLimit: RecipientProperty = {
  name: 'AuditLogAgeLimit',
  nouns,
  parameter: take.optional(take.nullable(take.timeSpan()), {
    summary: 'How long what is written down is kept, whatever holds there are; 90.00:00:00 at first, 0 keeps nothing.',
  }),
  get: ({ kept }) => TimeSpan.parse(String(kept?.AuditLogAgeLimit ?? usualAgeLimit)),
  set: (value) => {
    if (!(value instanceof TimeSpan)) return put('AuditLogAgeLimit', undefined)
    if (value.ms < 0 || value.ms > longest) {
      throw new Refusal('InvalidParameter', '-AuditLogAgeLimit must be 0 to 24855 days.', { parameter: 'AuditLogAgeLimit' })
    }
    const text = new TimeSpan(Math.floor(value.ms / 1000) * 1000).toString()
    return put('AuditLogAgeLimit', text.includes('.') ? text : `0.${text}`)
  },
}

const doers = {
  Admin: 'administrators and impersonating applications',
  Delegate: 'delegates and holders of full access',
  Owner: 'the owner',
}

function actions(logon: LogonType): RecipientProperty {
  const name = `Audit${logon}`
  return {
    name,
    nouns,
    parameter: take.optional(take.nullable(take.listChange(take.oneOf([...auditableBy[logon], 'None', 'Default']))), {
      summary: `Which doings of ${doers[logon]} are written down. At first: ${usuallyAudited[logon].join(', ')}. None = nothing, Default = these.`,
    }),
    get: (recipient) => [...auditedActionsOf(recipient, logon)],
    set: (value) => (current) => {
      const change = (value ?? ['Default']) as take.ListChange<string>
      const after = take.changedList([...auditedActionsOf(current, logon)], change)
      if (after.includes('Default')) return put(name, undefined)(current)
      return put(name, [...new Set(after.filter((action) => action !== 'None'))])(current)
    },
  }
}

/** What Set-Mailbox says of a mailbox's audit log, one row a property. */
export const auditProperties: readonly RecipientProperty[] = [enabled, ageLimit, ...logonTypes.map(actions)]

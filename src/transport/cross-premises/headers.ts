// table
import type { QueuedMessage } from '#store'
import type { AuthAs } from '../contract.ts'
import type { TakenField } from './header-firewall.ts'

export const organisationPrefix = 'X-MS-Exchange-Organization-'
export const crossPremisesPrefix = 'X-MS-Exchange-CrossPremises-'
export const originatorField = 'X-OriginatorOrg'
/** Tells that a hop took such fields out (c7solutions, by the hybrid reference 9). */
export const filteredField = 'X-CrossPremisesHeadersFilteredBySendConnector'

/**
 * What goes along between premises: `X-MS-Exchange-Organization-…` here, `X-MS-Exchange-CrossPremises-…` on the way (PSDOC
 * New-SendConnector -CloudServicesMailEnabled). The first four are of the hybrid reference 9; the rest is seen in messages (unverified).
 */
export const travelling = [
  'AuthAs',
  'AuthSource',
  'AuthMechanism',
  'SCL',
  'AVStamp-Mailbox',
  'Antispam-Report',
  'Disclaimer-Hash',
  'MessageSource',
  'Processed-By-Journaling',
  'Rules-Execution-History',
  // Isthmus' own: a copy of a meeting message for a delegate whose mailbox is there.
  'Delegated-For',
] as const

export type Travelling = (typeof travelling)[number]

/** The values of travelling fields that were written with the prefix given. */
export function valuesOf(taken: readonly TakenField[], prefix: string): Map<Travelling, string> {
  const values = new Map<Travelling, string>()
  for (const name of travelling) {
    const all = taken.filter(({ key }) => key === `${prefix}${name}`.toLowerCase()).map(({ value }) => value)
    const [first] = all
    // Of fields that contradict each other none is believed.
    if (first && all.every((one) => one.toLowerCase() === first.toLowerCase())) values.set(name, first)
  }
  return values
}

/** As header fields, in the order of the table. */
export function fieldsWith(prefix: string, values: ReadonlyMap<Travelling, string>): string[] {
  return travelling.flatMap((name) => (values.has(name) ? [`${prefix}${name}: ${values.get(name)}`] : []))
}

/**
 * What a queued message is to its organisation: as it was judged when it was accepted; what mailboxes here and the transport itself put
 * into the queue is the organisation's own.
 */
export function authAsOf({ envelope }: Pick<QueuedMessage, 'envelope'>): AuthAs {
  const { authAs, submitter, mailbox, origin } = envelope
  if (authAs !== undefined) return authAs === 'Internal' ? 'Internal' : 'Anonymous'
  return submitter !== undefined || mailbox !== undefined || origin === 'report' ? 'Internal' : 'Anonymous'
}

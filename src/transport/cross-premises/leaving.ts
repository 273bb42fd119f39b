import { headerNamed, parseHeaders, prependHeaders } from '#wire'
import type { QueuedMessage } from '#store'
import { domainOf } from '../addresses.ts'
import type { AuthAs, Route, TransportContext } from '../contract.ts'
import { takeGuarded } from './header-firewall.ts'
import {
  authAsOf,
  crossPremisesPrefix,
  fieldsWith,
  filteredField,
  organisationPrefix,
  originatorField,
  valuesOf,
  type Travelling,
} from './headers.ts'

/** What mail of the organisation's own people was handed in by; the number that Exchange writes for it (unverified). */
const ownMechanism = '04'

/**
 * The domain the organisation vouches for as the sender's (`X-OriginatorOrg`, XOORG): the one that its other premises vouched for; the
 * envelope sender's when it is an accepted one; the default domain for what has no sender, such as reports. Undefined for mail that is not
 * from inside, or in the name of others: a tenant must not vouch for somebody else's people.
 */
export async function originatorOrgOf(ctx: TransportContext, message: QueuedMessage): Promise<string | undefined> {
  if (authAsOf(message) !== 'Internal') return undefined
  const { originatorOrg } = message.envelope
  if (typeof originatorOrg === 'string') return originatorOrg
  if (message.sender === '') return (await ctx.directory.organisation(message.organisation))?.defaultDomain
  const domain = await ctx.directory.acceptedDomain(domainOf(message.sender))
  return domain?.organisation === message.organisation ? domain.domain : undefined
}

/**
 * The message as a hop gets it. To the other premises (CloudServicesMailEnabled) with what it is to the organisation in
 * `X-MS-Exchange-CrossPremises-…` and `X-OriginatorOrg`; to everybody else without any field the header firewall guards, and marked if
 * there were some (PSDOC New-SendConnector -CloudServicesMailEnabled; EXDOC header-firewall; hybrid reference 9). The body stays as it is.
 */
export async function leavingBytes(
  ctx: TransportContext,
  message: QueuedMessage,
  bytes: Uint8Array,
  route: Route | undefined,
): Promise<Uint8Array> {
  if (!route?.crossPremises) {
    const { bytes: clean, taken } = takeGuarded(bytes)
    return taken.length > 0 ? prependHeaders(clean, [`${filteredField}: ${ctx.config.hostname}`]) : clean
  }
  const { bytes: clean, taken } = takeGuarded(bytes, [originatorField.toLowerCase()])
  // What did not come in through the firewall (`authAs`) may have been written by anybody.
  const values: Map<Travelling, string> = message.envelope['authAs'] === undefined ? new Map() : valuesOf(taken, organisationPrefix)
  const originator = await originatorOrgOf(ctx, message)
  const authAs: AuthAs = originator ? 'Internal' : 'Anonymous'
  values.set('AuthAs', authAs)
  if (!values.has('AuthSource')) values.set('AuthSource', ctx.config.hostname)
  if (authAs === 'Internal' && !values.has('AuthMechanism')) values.set('AuthMechanism', ownMechanism)
  return prependHeaders(clean, [...fieldsWith(crossPremisesPrefix, values), ...(originator ? [`${originatorField}: ${originator}`] : [])])
}

/** Marks mail that went on from a recipient of ours to their address elsewhere. */
const passedField = 'X-LD-Processed'
/** Passages of one message, whoever they were for, after which it is in a circle. */
const mostPassages = 5

/**
 * The mark of a message sent on to addresses elsewhere: `<organisation>,ExtAddr`, and the address itself when it goes to it alone, for
 * others must not learn of it (RFC 5321 7.2).
 */
export function passageMark(organisation: string, addresses: readonly string[]): string {
  const [only] = addresses
  const address = addresses.length === 1 && only && /^[\x21-\x7e]+$/.test(only) ? `,<${only.toLowerCase()}>` : ''
  return `${passedField}: ${organisation},ExtAddr${address}`
}

/** True when the message has been sent on to that address before, or too often at all: it comes back and would go round in circles. */
export function hasPassed(bytes: Uint8Array, organisation: string, address: string): boolean {
  const { headers } = parseHeaders(bytes)
  if (!headerNamed(headers, passedField.toLowerCase())) return false
  const ours = headers.filter(
    ({ key, raw }) => key === passedField.toLowerCase() && raw.toLowerCase().startsWith(`${organisation},extaddr`),
  )
  return ours.length >= mostPassages || ours.some(({ raw }) => raw.toLowerCase().endsWith(`,<${address.toLowerCase()}>`))
}

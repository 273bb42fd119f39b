import type { Recipient } from '#directory'
import { propertyRow, type Attendee, type EmailAddress, type PropertyValue, type ValueKind } from '#model'
import type { EwsItem } from '#schema'
import type { EwsContext } from '../context.ts'

/** How many people of one answer are looked up; those of larger ones have no type, which says the same as `Unknown`. */
const mostLookedUp = 200

/** What a recipient of the directory is to mail ([MS-OXWSCDATA] 2.2.5.18). */
export function mailboxTypeOf({ kind }: Pick<Recipient, 'kind'>): 'Mailbox' | 'PublicDL' | 'Contact' {
  if (kind === 'DistributionGroup' || kind === 'RoomList') return 'PublicDL'
  return kind === 'MailContact' ? 'Contact' : 'Mailbox'
}

/** How the people in a property of a kind are reached, to read them and to put others in their place. */
const holders: Partial<Record<ValueKind, (value: never, turn: (one: EmailAddress) => EmailAddress) => unknown>> = {
  recipient: (value: EmailAddress, turn) => turn(value),
  recipients: (values: EmailAddress[], turn) => values.map(turn),
  attendees: (values: Attendee[], turn) => values.map((one) => ({ ...one, mailbox: turn(one.mailbox) })),
}

function turned(item: EwsItem, turn: (one: EmailAddress) => EmailAddress): EwsItem['properties'] {
  const properties = { ...item.properties }
  for (const [name, value] of Object.entries(properties)) {
    const holder = holders[propertyRow(name).kind]
    if (holder && value !== undefined && value !== null) properties[name] = holder(value as never, turn) as PropertyValue
  }
  return properties
}

/**
 * Says of the people in items what their addresses are (MS-OXWSCDATA_R1428001): those of the directory by their kind there, all others
 * are OneOff. Who has no name gets that of the directory. What a client said itself stands.
 */
export async function nameMailboxTypes(context: Pick<EwsContext, 'directory' | 'caller'>, items: readonly EwsItem[]): Promise<void> {
  const addresses = new Set<string>()
  const untyped = ({ address, mailboxType, routingType = 'SMTP' }: EmailAddress) =>
    address && !mailboxType && routingType.toUpperCase() === 'SMTP' ? address.toLowerCase() : undefined
  for (const item of items) {
    turned(item, (one) => {
      const address = untyped(one)
      if (address && addresses.size < mostLookedUp) addresses.add(address)
      return one
    })
  }
  if (addresses.size === 0) return
  const look = async (address: string): Promise<[string, EmailAddress]> => {
    const found = await context.directory.find(address, context.caller.organisation)
    if (!found) return [address, { mailboxType: 'OneOff' }]
    // Whoever is on no address list is named to nobody who knows but the address.
    return [address, { ...(found.hiddenFromAddressLists ? {} : { name: found.displayName }), mailboxType: mailboxTypeOf(found) }]
  }
  const known = new Map(await Promise.all([...addresses].map(look)))
  const typed = (one: EmailAddress): EmailAddress => {
    const found = known.get(untyped(one) ?? '')
    return found ? { ...found, ...one } : one
  }
  for (const item of items) item.properties = turned(item, typed)
}

import type { Directory, Recipient } from '#directory'
import { folderRights, Refusal, usualHours, type BusyTime, type Caller, type WorkingHours } from '#model'
import type { Store } from '#store'
import { rightsOn, type Access } from '../../permissions/access.ts'
import { mailboxZone } from '../mailbox-zone.ts'
import type { AvailabilityEvent, TimeWindow } from './contract.ts'
import { detailOf, eventsOf, lesser, type Detail } from './events.ts'

export interface AvailabilityContext {
  store: Store
  directory: Directory
  clock: () => number
}

/** One person's calendar as the caller sees it. */
export interface PersonTimes {
  recipient: Recipient
  detail: Detail
  events: AvailabilityEvent[]
  hours: WorkingHours
}

/** A group's members; `undefined` times = not to be known. */
export interface GroupTimes {
  members: (PersonTimes | undefined)[]
}

/** Members of a group that are looked at. */
const largestGroup = 100

/** The recipient of an address in the caller's organisation; unknown ones → MailRecipientNotFound. */
export async function recipientOf(ctx: AvailabilityContext, caller: Caller, address: string): Promise<Recipient> {
  const recipient = address ? await ctx.directory.find(address, caller.organisation) : undefined
  if (!recipient || recipient.organisation !== caller.organisation) {
    throw new Refusal('MailRecipientNotFound', `There is no recipient '${address.slice(0, 200)}' here.`, { address })
  }
  return recipient
}

function accessOf(caller: Caller, recipient: Recipient): Access {
  const names = new Set(caller.kind === 'user' ? [caller.recipient, ...caller.groups] : [])
  const full = caller.kind === 'system' || recipient.id === caller.recipient || recipient.fullAccess.some((id) => names.has(id))
  return { caller, mailbox: recipient.mailbox, owner: recipient, full, names }
}

/** Reads one person's calendar. A mailbox that is not here → MailRecipientNotFound; no right at all → NoFreeBusyAccess. */
export async function timesOfPerson(
  ctx: AvailabilityContext,
  caller: Caller,
  recipient: Recipient,
  window: TimeWindow,
): Promise<PersonTimes> {
  if (!recipient.mailbox)
    throw new Refusal('MailRecipientNotFound', `${recipient.displayName} has no mailbox here.`, { address: recipient.address })
  const most = await mostFor(ctx, caller, recipient)
  return ctx.store.read(async (tx) => {
    const mailbox = await tx.mailboxes.get(recipient.mailbox)
    const calendar = await tx.folders.byKind(recipient.mailbox, 'calendar')
    if (!mailbox || !calendar) throw new Refusal('MailRecipientNotFound', `${recipient.displayName} has no calendar here.`)
    const rights = rightsOn(accessOf(caller, recipient), calendar)
    const detail = lesser(detailOf(rights), most)
    if (detail === 'none') throw new Refusal('NoFreeBusyAccess', `You may not see when ${recipient.displayName} is free.`)
    const events = await eventsOf(tx, calendar, window, detail, (rights & folderRights.viewPrivate) !== 0)
    const stored = mailbox.settings['workingHours'] as WorkingHours | undefined
    return { recipient, detail, events, hours: stored ?? usualHours(mailboxZone(mailbox).id) }
  })
}

/**
 * How much the relationship with the asking organisation lets it see of anybody; of people outside its scope, and at level None, nothing
 * → NoFreeBusyAccess (source R4(b) step 8). Our own people are not bounded by it.
 */
async function mostFor(ctx: AvailabilityContext, { partner, organisation }: Caller, recipient: Recipient): Promise<Detail> {
  if (!partner) return 'all'
  const refused = (why: string) => new Refusal('NoFreeBusyAccess', `'${partner.by}' lets ${partner.domain} not see free/busy: ${why}.`)
  if (partner.noFreeBusy) throw new Refusal(partner.noFreeBusy.code, partner.noFreeBusy.why)
  if (partner.freeBusy === 'None') throw refused('its level is None')
  const scope = partner.freeBusyScope
  if (scope && !(await ctx.directory.groupsOf(organisation, recipient.id)).includes(scope)) {
    throw refused(`${recipient.address} is not in the group of its scope`)
  }
  return partner.freeBusy === 'LimitedDetails' ? 'subjects' : 'times'
}

/** Reads a group's members, nested groups opened. More than 100 → FreeBusyDLLimitReached. */
export async function timesOfGroup(ctx: AvailabilityContext, caller: Caller, group: Recipient, window: TimeWindow): Promise<GroupTimes> {
  const members = await ctx.directory.expand(group, largestGroup + 1)
  if (members.length > largestGroup) {
    throw new Refusal('FreeBusyDLLimitReached', `${group.displayName} has more than ${largestGroup} members.`)
  }
  const found: (PersonTimes | undefined)[] = []
  for (const member of members) {
    try {
      found.push(await timesOfPerson(ctx, caller, member, window))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      found.push(undefined)
    }
  }
  return { members: found }
}

export const isGroup = (recipient: Recipient) => recipient.kind === 'DistributionGroup' || recipient.kind === 'RoomList'

/** Only when, not what. */
export function busyTimes(person: PersonTimes): BusyTime[] {
  return person.events.map(({ start, end, busy }) => ({ start, end, busy }))
}

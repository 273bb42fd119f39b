import type { Recipient } from '#directory'
import { GetSearchableMailboxes, type Infer, type SearchableMailbox } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerOne, verb } from '../../verb.ts'
import { searcher } from './role.ts'

type Entry = Infer<typeof SearchableMailbox>
const kinds = ['UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox'] as const
const groups = ['DistributionGroup'] as const
/** Mailboxes that one answer names at most. */
export const mostListed = 1000

/** A recipient as discovery names it. */
export function searchable(recipient: Recipient): Entry {
  return {
    Guid: recipient.mailbox || recipient.id,
    PrimarySmtpAddress: recipient.address,
    IsExternalMailbox: false,
    ExternalEmailAddress: '',
    DisplayName: recipient.displayName,
    IsMembershipGroup: (groups as readonly string[]).includes(recipient.kind),
    ReferenceId: recipient.legacyExchangeDn,
  }
}

async function everybody(context: EwsContext, filter: string, expand: boolean): Promise<Recipient[]> {
  const { organisation } = context.caller
  const wanted = [...kinds, ...groups]
  const found = filter
    ? (await context.directory.resolve(organisation, filter, mostListed)).filter(({ kind }) => wanted.some((one) => one === kind))
    : await context.directory.list(organisation, wanted, '', mostListed)
  if (!expand) return found
  const all = new Map<string, Recipient>()
  for (const one of found) {
    const members = (groups as readonly string[]).includes(one.kind) ? await context.directory.expand(one, mostListed) : [one]
    for (const member of members) if (kinds.some((kind) => kind === member.kind)) all.set(member.id, member)
  }
  return [...all.values()].slice(0, mostListed)
}

/** Mailboxes, and groups of them, that whoever has the role may search ([MS-OXWSEDISC] 3.1.4.5). */
export const getSearchableMailboxes = verb(GetSearchableMailboxes, ({ SearchFilter, ExpandGroupMembership }, context) =>
  answerOne(context, async () => {
    const filter = (SearchFilter ?? '').trim().slice(0, 256)
    await searcher(context, ['Mailbox Search'], { operation: 'GetSearchableMailboxes', filter })
    const found = await everybody(context, filter, ExpandGroupMembership ?? false)
    return { SearchableMailboxes: found.map(searchable) }
  }),
)

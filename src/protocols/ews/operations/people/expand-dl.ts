import { Refusal, type ListMember } from '#model'
import { ExpandDL, type EmailAddressElement } from '#schema'
import type { EwsContext } from '../../context.ts'
import { recipientMailbox } from '../../convert/recipient.ts'
import { itemRefOf } from '../../ids/ews-id.ts'
import { answerOne, verb } from '../../verb.ts'

async function ofContactList(context: EwsContext, id: string): Promise<EmailAddressElement[]> {
  const [item] = await context.mailboxes.getItems(context.caller, [itemRefOf(id)], { shape: 'ids', paths: [{ property: 'members' }] })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'There is no such list.')
  if (item.kind !== 'list') throw new Refusal('InvalidItemForOperationExpandDL', 'The item is not a distribution list.')
  return ((item.properties.members ?? []) as ListMember[]).map(({ mailbox }) => ({
    ...(mailbox.name === undefined ? {} : { Name: mailbox.name }),
    ...(mailbox.address === undefined ? {} : { EmailAddress: mailbox.address }),
    RoutingType: mailbox.routingType ?? 'SMTP',
    MailboxType: mailbox.mailboxType ?? 'OneOff',
  }))
}

async function ofGroup(context: EwsContext, address: string): Promise<EmailAddressElement[]> {
  const group = await context.directory.find(address, context.caller.organisation)
  if (!group || group.hiddenFromAddressLists || (group.kind !== 'DistributionGroup' && group.kind !== 'RoomList')) {
    throw new Refusal('NameResolutionNoResults', `There is no distribution list '${address.slice(0, 320)}'.`)
  }
  return (await context.directory.members(group)).filter((member) => !member.hiddenFromAddressLists).map(recipientMailbox)
}

/** The direct members of a list, of the directory or of a contact folder ([MS-OXWSDLIST] 3.1.4.1). Who is hidden from address lists is so here. */
export const expandDL = verb(ExpandDL, async ({ Mailbox }, context) => [
  await answerOne(context, async () => {
    if (!Mailbox.ItemId && !Mailbox.EmailAddress) throw new Refusal('MissingArgument', 'ExpandDL/Mailbox: expected EmailAddress or ItemId')
    const members = Mailbox.ItemId ? await ofContactList(context, Mailbox.ItemId.Id) : await ofGroup(context, Mailbox.EmailAddress ?? '')
    return { DLExpansion: { Mailbox: members, TotalItemsInView: members.length, IncludesLastItemInRange: true } }
  }),
])

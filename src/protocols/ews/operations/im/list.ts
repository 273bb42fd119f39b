import type { ImGroup, ImList, ItemRef } from '#mailbox'
import { Refusal } from '#model'
import { GetImItemList, GetImItems, SetImListMigrationCompleted, type BaseItemId } from '#schema'
import type { EwsContext } from '../../context.ts'
import { itemIdElement } from '../../convert/item.ts'
import { itemRef } from '../../item-reference.ts'
import { answerOne, verb } from '../../verb.ts'
import { personaElement } from '../people/persona.ts'

const mostAsked = 1000

/** `<t:ImGroup>`. */
export function groupElement({ ref, change, name, type, address, members }: ImGroup) {
  return {
    DisplayName: name,
    GroupType: type,
    ExchangeStoreId: itemIdElement(ref, change),
    ...(members.length > 0 ? { MemberCorrelationKey: members.map((one) => itemIdElement(one.ref, one.change)) } : {}),
    ...(address ? { SmtpAddress: address } : {}),
  }
}

function listElement({ groups, contacts }: ImList) {
  const Personas = contacts.map((contact) => personaElement({ contacts: [contact] }))
  return { ImItemList: { Groups: groups.map(groupElement), ...(Personas.length > 0 ? { Personas } : {}) } }
}

async function refs(context: EwsContext, ids: readonly BaseItemId[] = []): Promise<ItemRef[]> {
  const mailbox = await context.ownMailbox()
  const all: ItemRef[] = []
  for (const id of ids) all.push((await itemRef(context, id)).ref)
  if (all.some((ref) => ref.mailbox !== mailbox)) throw new Refusal('ItemNotFound', 'There is no such item in your mailbox.')
  return all
}

/** All groups and people of the caller's list of instant messaging contacts. Extended properties are not among what is kept of them. */
export const getImItemList = verb(GetImItemList, (_request, context) =>
  answerOne(context, async () => listElement(await context.mailboxes.imList(context.caller, await context.ownMailbox()))),
)

/** Those that are named. */
export const getImItems = verb(GetImItems, ({ ContactIds = [], GroupIds = [] }, context) =>
  answerOne(context, async () => {
    if (ContactIds.length + GroupIds.length === 0) throw new Refusal('MissingArgument', 'GetImItems: expected ContactIds or GroupIds')
    if (ContactIds.length + GroupIds.length > mostAsked) throw new Refusal('InvalidRequest', `GetImItems: at most ${mostAsked} ids at once`)
    const only = { contacts: await refs(context, ContactIds), groups: await refs(context, GroupIds) }
    return listElement(await context.mailboxes.imList(context.caller, await context.ownMailbox(), only))
  }),
)

/** Notes that the list was brought over from the instant messaging server. */
export const setImListMigrationCompleted = verb(
  SetImListMigrationCompleted,
  ({ ImListMigrationCompleted: imListMigrationCompleted }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.saveSettings(context.caller, await context.ownMailbox(), { imListMigrationCompleted })
      return {}
    }),
)

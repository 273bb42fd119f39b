import type { NewImContact } from '#mailbox'
import {
  AddImContactToGroup, AddNewImContactToGroup, AddNewTelUriContactToGroup, RemoveContactFromImList, RemoveImContactFromGroup, type ItemId,
} from '#schema' // prettier-ignore
import type { EwsContext } from '../../context.ts'
import { itemRefOf } from '../../ids/ews-id.ts'
import { answerOne, verb, type EwsVerb } from '../../verb.ts'
import { personaElement } from '../people/persona.ts'

const groupRef = (id: ItemId | undefined) => (id ? itemRefOf(id.Id) : undefined)

async function added(context: EwsContext, contact: NewImContact, group: ItemId | undefined) {
  const item = await context.mailboxes.addNewImContact(context.caller, await context.ownMailbox(), contact, groupRef(group))
  return { Persona: personaElement({ contacts: [item] }) }
}

/** People of the caller's list of instant messaging contacts: added, put into groups, removed. */
export const contactVerbs: readonly EwsVerb[] = [
  verb(AddNewImContactToGroup, ({ ImAddress, DisplayName, GroupId }, context) =>
    answerOne(context, () => added(context, { imAddress: ImAddress, ...(DisplayName ? { name: DisplayName } : {}) }, GroupId)),
  ),
  verb(AddNewTelUriContactToGroup, ({ TelUriAddress, ImContactSipUriAddress, ImTelephoneNumber, GroupId }, context) =>
    answerOne(context, () => {
      const telephone = ImTelephoneNumber ?? TelUriAddress.replace(/^tel:/i, '')
      return added(context, { imAddress: ImContactSipUriAddress, name: telephone, telephone }, GroupId)
    }),
  ),
  verb(AddImContactToGroup, ({ ContactId, GroupId }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.addToImGroup(context.caller, itemRefOf(ContactId.Id), groupRef(GroupId))
      return {}
    }),
  ),
  verb(RemoveImContactFromGroup, ({ ContactId, GroupId }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.removeFromImGroup(context.caller, itemRefOf(ContactId.Id), itemRefOf(GroupId.Id))
      return {}
    }),
  ),
  verb(RemoveContactFromImList, ({ ContactId }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.removeFromImList(context.caller, itemRefOf(ContactId.Id))
      return {}
    }),
  ),
]

import { AddDistributionGroupToImList, AddImGroup, RemoveDistributionGroupFromImList, RemoveImGroup, SetImGroup } from '#schema'
import { itemRefOf } from '../../ids/ews-id.ts'
import { answerOne, verb, type EwsVerb } from '../../verb.ts'
import { groupElement } from './list.ts'

/** The groups of the caller's list of instant messaging contacts: made, renamed, removed. */
export const groupVerbs: readonly EwsVerb[] = [
  verb(AddImGroup, ({ DisplayName }, context) =>
    answerOne(context, async () => {
      const group = await context.mailboxes.addImGroup(context.caller, await context.ownMailbox(), DisplayName)
      return { ImGroup: groupElement(group) }
    }),
  ),
  verb(SetImGroup, ({ GroupId, NewDisplayName }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.renameImGroup(context.caller, itemRefOf(GroupId.Id), NewDisplayName)
      return {}
    }),
  ),
  verb(RemoveImGroup, ({ GroupId }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.removeImGroup(context.caller, itemRefOf(GroupId.Id), 'contacts')
      return {}
    }),
  ),
  verb(AddDistributionGroupToImList, ({ SmtpAddress, DisplayName }, context) =>
    answerOne(context, async () => {
      const group = await context.mailboxes.addImGroup(context.caller, await context.ownMailbox(), DisplayName, SmtpAddress.trim())
      return { ImGroup: groupElement(group) }
    }),
  ),
  verb(RemoveDistributionGroupFromImList, ({ GroupId }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.removeImGroup(context.caller, itemRefOf(GroupId.Id), 'distribution')
      return {}
    }),
  ),
]

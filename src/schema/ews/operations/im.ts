import { bool, nonEmptyString, optional, string } from '../../kernel/index.ts'
import { ExtendedPaths } from '../paths.ts'
import { BaseItemIds, ItemId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { Persona } from './people.ts'

/** A group of the list of instant messaging contacts; the members are contacts. */
export const ImGroup = t.record({
  DisplayName: string,
  GroupType: string,
  ExchangeStoreId: ItemId,
  MemberCorrelationKey: optional(t.nonEmptyList('ItemId', ItemId)),
  SmtpAddress: optional(string),
})

const ImItemList = t.record({ Groups: optional(t.list('ImGroup', ImGroup)), Personas: optional(t.list('Persona', Persona)) })
const spec = '[MS-OXWSCDATA] 2.2.5.24'

export const GetImItemList = single('GetImItemList', spec, {
  request: { ExtendedProperties: optional(ExtendedPaths) },
  message: { ImItemList: optional(ImItemList) },
})
export const GetImItems = single('GetImItems', spec, {
  request: { ContactIds: optional(BaseItemIds), GroupIds: optional(BaseItemIds), ExtendedProperties: optional(ExtendedPaths) },
  message: { ImItemList: optional(ImItemList) },
})
export const AddImGroup = single('AddImGroup', spec, { request: { DisplayName: nonEmptyString }, message: { ImGroup: optional(ImGroup) } })
export const SetImGroup = single('SetImGroup', spec, { request: { GroupId: ItemId, NewDisplayName: nonEmptyString }, message: {} })
export const RemoveImGroup = single('RemoveImGroup', spec, { request: { GroupId: ItemId }, message: {} })
export const AddDistributionGroupToImList = single('AddDistributionGroupToImList', spec, {
  request: { SmtpAddress: nonEmptyString, DisplayName: nonEmptyString },
  message: { ImGroup: optional(ImGroup) },
})
export const RemoveDistributionGroupFromImList = single('RemoveDistributionGroupFromImList', spec, {
  request: { GroupId: ItemId },
  message: {},
})
export const AddNewImContactToGroup = single('AddNewImContactToGroup', spec, {
  request: { ImAddress: nonEmptyString, DisplayName: optional(nonEmptyString), GroupId: optional(ItemId) },
  message: { Persona: optional(Persona) },
})
export const AddNewTelUriContactToGroup = single('AddNewTelUriContactToGroup', spec, {
  request: {
    TelUriAddress: nonEmptyString,
    ImContactSipUriAddress: nonEmptyString,
    ImTelephoneNumber: optional(nonEmptyString),
    GroupId: optional(ItemId),
  },
  message: { Persona: optional(Persona) },
})
export const AddImContactToGroup = single('AddImContactToGroup', spec, {
  request: { ContactId: ItemId, GroupId: optional(ItemId) },
  message: {},
})
export const RemoveImContactFromGroup = single('RemoveImContactFromGroup', spec, {
  request: { ContactId: ItemId, GroupId: ItemId },
  message: {},
})
export const RemoveContactFromImList = single('RemoveContactFromImList', spec, { request: { ContactId: ItemId }, message: {} })
export const SetImListMigrationCompleted = single('SetImListMigrationCompleted', spec, {
  request: { ImListMigrationCompleted: bool },
  message: {},
})

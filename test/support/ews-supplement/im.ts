/** The list of instant messaging contacts, after the descriptions of its operations. */
import { answer, arrayOf, element, inline, maybe, type } from './xsd.ts'

const id = 't:ItemIdType'
const text = 't:NonEmptyStringType'

export const types: readonly string[] = [
  type('ImGroupType', element('DisplayName', 'xs:string'), element('GroupType', 'xs:string'), element('ExchangeStoreId', id), maybe('MemberCorrelationKey', 't:NonEmptyArrayOfItemIdsType'), maybe('ExtendedProperties', 't:AnyContent'), maybe('SmtpAddress', 'xs:string')), // prettier-ignore
  arrayOf('ArrayOfImGroupType', 'ImGroup', 't:ImGroupType'),
  arrayOf('ArrayOfImPersonaType', 'Persona', 't:PersonaType'),
  type('ImItemListType', maybe('Groups', 't:ArrayOfImGroupType'), maybe('Personas', 't:ArrayOfImPersonaType')),
]

export const messages: readonly string[] = [
  inline('GetImItemList', maybe('ExtendedProperties', 't:AnyContent')),
  answer('GetImItemListResponse', maybe('ImItemList', 't:ImItemListType')),
  inline('GetImItems', maybe('ContactIds', 't:NonEmptyArrayOfBaseItemIdsType'), maybe('GroupIds', 't:NonEmptyArrayOfBaseItemIdsType'), maybe('ExtendedProperties', 't:AnyContent')), // prettier-ignore
  answer('GetImItemsResponse', maybe('ImItemList', 't:ImItemListType')),
  inline('AddImGroup', element('DisplayName', text)),
  answer('AddImGroupResponse', maybe('ImGroup', 't:ImGroupType')),
  inline('SetImGroup', element('GroupId', id), element('NewDisplayName', text)),
  answer('SetImGroupResponse'),
  inline('RemoveImGroup', element('GroupId', id)),
  answer('RemoveImGroupResponse'),
  inline('AddDistributionGroupToImList', element('SmtpAddress', text), element('DisplayName', text)),
  answer('AddDistributionGroupToImListResponse', maybe('ImGroup', 't:ImGroupType')),
  inline('RemoveDistributionGroupFromImList', element('GroupId', id)),
  answer('RemoveDistributionGroupFromImListResponse'),
  inline('AddNewImContactToGroup', element('ImAddress', text), maybe('DisplayName', text), maybe('GroupId', id)),
  answer('AddNewImContactToGroupResponse', maybe('Persona', 't:PersonaType')),
  inline('AddNewTelUriContactToGroup', element('TelUriAddress', text), element('ImContactSipUriAddress', text), maybe('ImTelephoneNumber', text), maybe('GroupId', id)), // prettier-ignore
  answer('AddNewTelUriContactToGroupResponse', maybe('Persona', 't:PersonaType')),
  inline('AddImContactToGroup', element('ContactId', id), maybe('GroupId', id)),
  answer('AddImContactToGroupResponse'),
  inline('RemoveImContactFromGroup', element('ContactId', id), element('GroupId', id)),
  answer('RemoveImContactFromGroupResponse'),
  inline('RemoveContactFromImList', element('ContactId', id)),
  answer('RemoveContactFromImListResponse'),
  inline('SetImListMigrationCompleted', element('ImListMigrationCompleted', 'xs:boolean')),
  answer('SetImListMigrationCompletedResponse'),
]

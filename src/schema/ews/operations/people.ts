import { bool, dateTime, int, oneOf, optional, string } from '../../kernel/index.ts'
import { PersonaPostalAddress } from '../calendar-trees.ts'
import { ExtendedPropertyElement } from '../extended.ts'
import { EmailAddress, FolderId, ItemId, TargetFolderId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { PersonaRestriction } from '../persona-paths.ts'
import { UriShape } from '../shapes.ts'
import { UriSortOrder } from '../uri-order.ts'
import { IndexedPageView } from '../views.ts'

export const ContextProperty = t.record({ Key: string, Value: string })

export const BodyContent = t.record({ Value: string, BodyType: oneOf('HTML', 'Text') })

const Attributions = t.nonEmptyList('Attribution', string)

export const BodyContentAttributedValue = t.record({ Value: BodyContent, Attributions })

export const PersonaPhoneNumber = t.record({ Number: string, Type: string })

export const PersonaAttribution = t.record({
  Id: string,
  SourceId: ItemId,
  DisplayName: string,
  IsWritable: optional(bool),
  IsQuickContact: optional(bool),
  IsHidden: optional(bool),
  FolderId: optional(FolderId),
})

export const StringAttributedValue = t.record({ Value: string, Attributions })

export const PhoneNumberAttributedValue = t.record({ Value: PersonaPhoneNumber, Attributions })

export const EmailAddressAttributedValue = t.record({ Value: EmailAddress, Attributions })

export const PostalAddressAttributedValue = t.record({ Value: PersonaPostalAddress, Attributions })

export const StringArrayAttributedValue = t.record({
  Values: t.nonEmptyList('Value', string),
  Attributions,
})

export const ExtendedPropertyAttributedValue = t.record({
  Value: ExtendedPropertyElement,
  Attributions,
})

const StringValues = t.list('StringAttributedValue', StringAttributedValue)
const PhoneValues = t.list('PhoneNumberAttributedValue', PhoneNumberAttributedValue)
const EmailValues = t.list('EmailAddressAttributedValue', EmailAddressAttributedValue)
const PostalValues = t.list('PostalAddressAttributedValue', PostalAddressAttributedValue)

export const Persona = t.record({
  PersonaId: ItemId,
  PersonaType: optional(string),
  PersonaObjectStatus: optional(string),
  CreationTime: optional(dateTime),
  Bodies: optional(t.list('BodyContentAttributedValue', BodyContentAttributedValue)),
  DisplayNameFirstLastSortKey: optional(string),
  DisplayNameLastFirstSortKey: optional(string),
  CompanyNameSortKey: optional(string),
  HomeCitySortKey: optional(string),
  WorkCitySortKey: optional(string),
  DisplayNameFirstLastHeader: optional(string),
  DisplayNameLastFirstHeader: optional(string),
  FileAsHeader: optional(string),
  DisplayName: optional(string),
  DisplayNameFirstLast: optional(string),
  DisplayNameLastFirst: optional(string),
  FileAs: optional(string),
  FileAsId: optional(string),
  DisplayNamePrefix: optional(string),
  GivenName: optional(string),
  MiddleName: optional(string),
  Surname: optional(string),
  Generation: optional(string),
  Nickname: optional(string),
  YomiCompanyName: optional(string),
  YomiFirstName: optional(string),
  YomiLastName: optional(string),
  Title: optional(string),
  Department: optional(string),
  CompanyName: optional(string),
  Location: optional(string),
  EmailAddress: optional(EmailAddress),
  EmailAddresses: optional(t.list('Address', EmailAddress)),
  PhoneNumber: optional(PersonaPhoneNumber),
  ImAddress: optional(string),
  HomeCity: optional(string),
  WorkCity: optional(string),
  RelevanceScore: optional(int),
  FolderIds: optional(t.list('FolderId', FolderId)),
  Attributions: optional(t.nonEmptyList('Attribution', PersonaAttribution)),
  DisplayNames: optional(StringValues),
  FileAses: optional(StringValues),
  FileAsIds: optional(StringValues),
  DisplayNamePrefixes: optional(StringValues),
  GivenNames: optional(StringValues),
  MiddleNames: optional(StringValues),
  Surnames: optional(StringValues),
  Generations: optional(StringValues),
  Nicknames: optional(StringValues),
  Initials: optional(StringValues),
  YomiCompanyNames: optional(StringValues),
  YomiFirstNames: optional(StringValues),
  YomiLastNames: optional(StringValues),
  BusinessPhoneNumbers: optional(PhoneValues),
  BusinessPhoneNumbers2: optional(PhoneValues),
  HomePhones: optional(PhoneValues),
  HomePhones2: optional(PhoneValues),
  MobilePhones: optional(PhoneValues),
  MobilePhones2: optional(PhoneValues),
  AssistantPhoneNumbers: optional(PhoneValues),
  CallbackPhones: optional(PhoneValues),
  CarPhones: optional(PhoneValues),
  HomeFaxes: optional(PhoneValues),
  OrganizationMainPhones: optional(PhoneValues),
  OtherFaxes: optional(PhoneValues),
  OtherTelephones: optional(PhoneValues),
  OtherPhones2: optional(PhoneValues),
  Pagers: optional(PhoneValues),
  RadioPhones: optional(PhoneValues),
  TelexNumbers: optional(PhoneValues),
  TTYTDDPhoneNumbers: optional(PhoneValues),
  WorkFaxes: optional(PhoneValues),
  Emails1: optional(EmailValues),
  Emails2: optional(EmailValues),
  Emails3: optional(EmailValues),
  BusinessHomePages: optional(StringValues),
  PersonalHomePages: optional(StringValues),
  OfficeLocations: optional(StringValues),
  ImAddresses: optional(StringValues),
  ImAddresses2: optional(StringValues),
  ImAddresses3: optional(StringValues),
  BusinessAddresses: optional(PostalValues),
  HomeAddresses: optional(PostalValues),
  OtherAddresses: optional(PostalValues),
  Titles: optional(StringValues),
  Departments: optional(StringValues),
  CompanyNames: optional(StringValues),
  Managers: optional(StringValues),
  AssistantNames: optional(StringValues),
  Professions: optional(StringValues),
  SpouseNames: optional(StringValues),
  Children: optional(t.list('StringArrayAttributedValue', StringArrayAttributedValue)),
  Schools: optional(StringValues),
  Hobbies: optional(StringValues),
  WeddingAnniversaries: optional(StringValues),
  Birthdays: optional(StringValues),
  Locations: optional(StringValues),
  ExtendedProperties: optional(t.list('ExtendedPropertyAttributedValue', ExtendedPropertyAttributedValue)),
})

export const FindPeople = single('FindPeople', '[MS-OXWSPERS] 3.1.4.1', {
  request: {
    PersonaShape: optional(UriShape),
    IndexedPageItemView: IndexedPageView,
    Restriction: optional(PersonaRestriction),
    AggregationRestriction: optional(PersonaRestriction),
    SortOrder: optional(UriSortOrder),
    ParentFolderId: optional(TargetFolderId),
    QueryString: optional(string),
    SearchPeopleSuggestionIndex: optional(bool),
    TopicQueryString: optional(string),
    Context: optional(t.nonEmptyList('ContextProperty', ContextProperty)),
  },
  message: {
    People: optional(t.list('Persona', Persona)),
    TotalNumberOfPeopleInView: optional(int),
    FirstMatchingRowIndex: optional(int),
    FirstLoadedRowIndex: optional(int),
  },
})

export const GetPersona = single('GetPersona', '[MS-OXWSPERS] 3.1.4.2', {
  request: { PersonaId: optional(ItemId), EmailAddress: optional(EmailAddress), ParentFolderId: optional(TargetFolderId) },
  message: { Persona },
  responseElement: 'GetPersonaResponseMessage',
})

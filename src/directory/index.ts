export type * from './contract.ts'
export type * from './configuration/contract.ts'
export { createConfiguration, type ConfigurationNeeds } from './configuration/configuration.ts'
export { coversDomain, remoteDomainOf } from './configuration/remote-domain.ts'
export { exchangeApplication, hybridFeatures } from './configuration/oauth-kinds.ts'
export { freeBusyLevels, mailTipsLevels } from './configuration/federation-kinds.ts'
export { mailboxDatabaseName } from './configuration/organisation-kinds.ts'
export { usualAuthenticationPolicy } from './configuration/sign-in-kinds.ts'
export type { KindRow } from './configuration/kind.ts'
export { configurationKinds, kindRow, type ConfigurationKind } from './configuration/kinds.ts'
export type { Credential, Property, PropertyType } from './configuration/property.ts'
export type { FilterTree, FilterValue, Operator, RecipientFilter } from './filter/contract.ts'
export { filterProperties, filterProperty, type FilterProperty } from './filter/properties.ts'
export { matchesFilter } from './filter/matches.ts'
export { readFilterText } from './filter/read.ts'
export { quotasOutOfOrder } from './quotas-in-order.ts'
export { recipientTypeOf, recipientTypes, usesDatabaseQuotas, type RecipientTypeRow } from './recipient-types.ts'
export { imageTypeOf, largestPhoto } from './photo.ts'
export { createDirectory } from './directory.ts'
export { changeSendersWithin, domainWithin, ownerWithin, recipientAtWithin, recipientWithin, settingsWithin } from './within.ts'
export { groupsAbove } from './groups.ts'
export { betweenWriters, heldTogether, holdReference } from './holds.ts'
export { defaultRetentionPolicy, retentionTagTypes, type RetentionAction, type RetentionTagType } from './configuration/retention-kinds.ts'
export {
  isOnRetentionHold,
  optionalTagsOf,
  retentionPolicyOf,
  retentionTag,
  type RetentionPolicyRow,
  type RetentionTagRow,
} from './retention.ts'
export { domainOf, newGuid, normalAddress, type RandomBytes } from './names.ts'
export { defaultPasswordCost, type PasswordCost, type Sealing } from './password.ts'
export { groupKinds, mailboxKinds, recipientKinds } from './rows.ts'

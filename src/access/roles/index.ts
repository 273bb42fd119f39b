export { createRoles, type RolesNeeds } from './roles.ts'
export { changedState, builtInId, named, namedOrRefused } from './state.ts'
export type { Grant, Rights, Roles } from './contract.ts'
export type * from './model.ts'
export {
  applicationImpersonation,
  builtInGroups,
  builtInRoles,
  defaultPolicyName,
  organizationManagement,
  roleManagement,
  type ImplicitScope,
} from './built-in-roles.ts'

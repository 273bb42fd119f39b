import type { Cmdlet } from '../registry/cmdlet.ts'
import type { Entries } from './entries.ts'
import { managementRoles } from './management-role.ts'
import { managementScopes } from './management-scope.ts'
import { roleAssignmentPolicies } from './role-assignment-policy.ts'
import { roleAssignments } from './role-assignment.ts'
import { roleEntries } from './role-entry.ts'
import { roleGroupMembers } from './role-group-member.ts'
import { roleGroups } from './role-group.ts'

/** The cmdlets of rights. `entries` = what each role has, known once every cmdlet is. */
export const roleCmdlets = (entries: () => Entries): Cmdlet[] => [
  ...managementRoles(entries),
  ...roleEntries(entries),
  ...roleAssignments,
  ...managementScopes,
  ...roleGroups,
  ...roleGroupMembers,
  ...roleAssignmentPolicies,
]

import type { Instant } from '#model'
import type { ImplicitScope } from './built-in-roles.ts'

interface Named {
  /** GUID, lower case. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** Shipped: cannot be removed or renamed. */
  readonly builtIn: boolean
  readonly created: Instant
  readonly changed: Instant
}

export interface RoleGroup extends Named {
  readonly displayName: string
  /** GUIDs of recipients and role groups. */
  readonly members: readonly string[]
  /** Who may change the members: GUIDs of recipients and role groups. */
  readonly managedBy: readonly string[]
}

export interface ManagementRole extends Named {
  /** GUID of the role it was made from; absent = built in. */
  readonly parent?: string
  /** Name of the built-in role at the top. */
  readonly root: string
  readonly read: ImplicitScope
  readonly write: ImplicitScope
  readonly endUser: boolean
  /** Of a custom role: the cmdlets it kept, each with its parameters. It never has more than its parent, whatever stands here. */
  readonly entries?: Readonly<Record<string, readonly string[]>>
}

export type AssigneeType = 'RoleGroup' | 'User' | 'SecurityGroup' | 'RoleAssignmentPolicy'

export interface RoleAssignment extends Named {
  /** GUID of the role. */
  readonly role: string
  /** GUID of a role group, a recipient or a role assignment policy. */
  readonly assignee: string
  readonly assigneeType: AssigneeType
  /** Gives the right to give the role to others, not the role. */
  readonly delegating: boolean
  readonly enabled: boolean
  /** What it may change at most, beside what the role by itself may. */
  readonly relativeScope?: Exclude<ImplicitScope, 'MyGAL'>
  /** GUID of a ManagementScope. */
  readonly customScope?: string
}

export interface ManagementScope extends Named {
  /** OPATH. */
  readonly recipientFilter: string
}

export interface RoleAssignmentPolicy extends Named {
  readonly isDefault: boolean
}

/** Everything an organisation has said about rights, built-in objects with it. Maps are by GUID. */
export interface RolesState {
  readonly organisation: string
  /** Counts changes; 0 = nobody has looked yet. */
  readonly version: number
  readonly groups: ReadonlyMap<string, RoleGroup>
  readonly roles: ReadonlyMap<string, ManagementRole>
  readonly assignments: ReadonlyMap<string, RoleAssignment>
  readonly scopes: ReadonlyMap<string, ManagementScope>
  readonly policies: ReadonlyMap<string, RoleAssignmentPolicy>
  /** Assignments by assignee. */
  readonly held: ReadonlyMap<string, readonly RoleAssignment[]>
  /** GUIDs of the role groups that have this recipient or role group as a direct member. */
  readonly memberOf: ReadonlyMap<string, readonly string[]>
}

/** The kinds of objects in the store, and where each lies in the state. */
export interface StoredKinds {
  RoleGroup: RoleGroup
  ManagementRole: ManagementRole
  ManagementRoleAssignment: RoleAssignment
  ManagementScope: ManagementScope
  RoleAssignmentPolicy: RoleAssignmentPolicy
}
export type StoredKind = keyof StoredKinds
export const places = {
  RoleGroup: 'groups',
  ManagementRole: 'roles',
  ManagementRoleAssignment: 'assignments',
  ManagementScope: 'scopes',
  RoleAssignmentPolicy: 'policies',
} as const satisfies Record<StoredKind, keyof RolesState>

/** One change: the object as it is to be, or that it is taken away. */
export type RolesEdit = { [K in StoredKind]: { kind: K; id: string; value: StoredKinds[K] | undefined } }[StoredKind]

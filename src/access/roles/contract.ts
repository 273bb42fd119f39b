/** Who may do what: management roles, role groups, assignments and scopes. What `createRoles` returns. */
import type { Recipient } from '#directory'
import type { Caller } from '#model'
import type { ManagementRole, RoleAssignment, RolesEdit, RolesState } from './model.ts'

/** One role that a caller holds, and how far it reaches. */
export interface Grant {
  readonly role: ManagementRole
  readonly assignment: RoleAssignment
  /** True for every recipient of the organisation, without looking. */
  readonly everywhere: boolean
  /** True where the role changes this recipient, or one that is to be made like it. */
  reaches(recipient: Recipient): boolean
}

export interface Rights {
  readonly state: RolesState
  readonly grants: readonly Grant[]
  /** Roles that the caller may give to others. */
  readonly delegates: readonly RoleAssignment[]
  /** The caller's recipient, groups and role groups, by GUID. */
  readonly identities: ReadonlySet<string>
  /** Holds a role that is not for users' own options. */
  readonly isAdministrator: boolean
}

export interface Roles {
  /** What the caller holds now. Somebody who acts for another, a partner and strangers hold nothing. */
  rightsOf(caller: Caller): Promise<Rights>
  /** Everything that the organisation has said about rights, as it is now. */
  state(organisation: string): Promise<RolesState>
  /**
   * Changes rights: `edits` gets the state within the write (again, when someone else wrote first) and awaits nothing. A change after which
   * nobody could give rights → InvalidOperation; a name that is taken → NameTaken.
   */
  change(organisation: string, edits: (state: RolesState) => readonly RolesEdit[]): Promise<RolesState>
  /** Puts a person into the role groups named, and gives them the roles named, as a seed does. Neither → ObjectNotFound. */
  give(organisation: string, recipient: string, names: readonly string[]): Promise<void>
  /** A GUID for a new object. */
  newId(): string
  /** Refuses a filter that no scope can have. */
  checkFilter(organisation: string, filter: string): Promise<void>
  /** GUIDs of the assignments that let some holder change this recipient. */
  writers(organisation: string, recipient: Recipient): Promise<ReadonlySet<string>>
  /** The caller may act as this recipient: ApplicationImpersonation, within its scope. Undefined = the right alone, of whomever. */
  mayImpersonate(caller: Caller, target?: Recipient): Promise<boolean>
}

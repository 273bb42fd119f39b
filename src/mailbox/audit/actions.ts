// table
/** How somebody came to a mailbox: as its owner, by rights that the owner or an administrator gave, or by a role over mailboxes. */
export const logonTypes = ['Admin', 'Delegate', 'Owner'] as const
export type LogonType = (typeof logonTypes)[number]

/** Written down unless the mailbox says otherwise, or only where it says so. */
type Kept = 'usual' | 'asked'

/**
 * What is written down of a mailbox, and for whom (Exchange Server documentation, "Mailbox audit logging": mailbox actions logged). The usual
 * ones of administrators and delegates are those of Exchange Server and Exchange Online together; of owners, those of Exchange Server.
 */
const rows = {
  Copy: { Admin: 'asked' },
  Create: { Admin: 'usual', Delegate: 'usual', Owner: 'asked' },
  FolderBind: { Admin: 'usual', Delegate: 'asked' },
  HardDelete: { Admin: 'usual', Delegate: 'usual', Owner: 'asked' },
  MessageBind: { Admin: 'asked' },
  Move: { Admin: 'usual', Delegate: 'asked', Owner: 'asked' },
  MoveToDeletedItems: { Admin: 'usual', Delegate: 'usual', Owner: 'asked' },
  SendAs: { Admin: 'usual', Delegate: 'usual' },
  SendOnBehalf: { Admin: 'usual', Delegate: 'usual' },
  SoftDelete: { Admin: 'usual', Delegate: 'usual', Owner: 'asked' },
  Update: { Admin: 'usual', Delegate: 'usual', Owner: 'asked' },
  UpdateCalendarDelegation: { Admin: 'usual', Delegate: 'usual', Owner: 'usual' },
  UpdateFolderPermissions: { Admin: 'usual', Delegate: 'usual', Owner: 'usual' },
  UpdateInboxRules: { Admin: 'usual', Delegate: 'usual', Owner: 'usual' },
} as const satisfies Record<string, Partial<Record<LogonType, Kept>>>

export type AuditAction = keyof typeof rows
export const auditActions = Object.keys(rows) as AuditAction[]

const chosen = (logon: LogonType, kept: readonly Kept[]) =>
  auditActions.filter((action) => kept.includes((rows[action] as Partial<Record<LogonType, Kept>>)[logon] as Kept))

/** The actions that a mailbox may have written down of those who come so. */
export const auditableBy: Readonly<Record<LogonType, readonly AuditAction[]>> = {
  Admin: chosen('Admin', ['usual', 'asked']),
  Delegate: chosen('Delegate', ['usual', 'asked']),
  Owner: chosen('Owner', ['usual', 'asked']),
}

/** Those that are written down when nobody has chosen. */
export const usuallyAudited: Readonly<Record<LogonType, readonly AuditAction[]>> = {
  Admin: chosen('Admin', ['usual']),
  Delegate: chosen('Delegate', ['usual']),
  Owner: chosen('Owner', ['usual']),
}

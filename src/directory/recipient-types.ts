import type { Recipient, RecipientKind } from './contract.ts'

/** One word of RecipientTypeDetails, with the broader one of RecipientType and the kind that it is stored as. */
export interface RecipientTypeRow {
  readonly details: string
  readonly type: string
  readonly kind: RecipientKind
  /** For MailUsers whose mailbox is on the other side: its kind there. */
  readonly remote?: NonNullable<Recipient['remoteMailbox']>
  readonly security?: boolean
}

/** True when the mailbox goes by the quotas of its database, not by its own (Set-Mailbox -UseDatabaseQuotaDefaults). */
export const usesDatabaseQuotas = ({ databaseQuotas, quotas = {} }: Pick<Recipient, 'databaseQuotas' | 'quotas'>): boolean =>
  databaseQuotas ?? Object.keys(quotas).length === 0

export const recipientTypes: readonly RecipientTypeRow[] = [
  { details: 'UserMailbox', type: 'UserMailbox', kind: 'UserMailbox' },
  { details: 'SharedMailbox', type: 'UserMailbox', kind: 'SharedMailbox' },
  { details: 'RoomMailbox', type: 'UserMailbox', kind: 'RoomMailbox' },
  { details: 'EquipmentMailbox', type: 'UserMailbox', kind: 'EquipmentMailbox' },
  { details: 'DiscoveryMailbox', type: 'UserMailbox', kind: 'DiscoveryMailbox' },
  { details: 'PublicFolderMailbox', type: 'UserMailbox', kind: 'PublicFolderMailbox' },
  { details: 'MailUser', type: 'MailUser', kind: 'MailUser' },
  { details: 'RemoteUserMailbox', type: 'MailUser', kind: 'MailUser', remote: 'UserMailbox' },
  { details: 'RemoteSharedMailbox', type: 'MailUser', kind: 'MailUser', remote: 'SharedMailbox' },
  { details: 'RemoteRoomMailbox', type: 'MailUser', kind: 'MailUser', remote: 'RoomMailbox' },
  { details: 'RemoteEquipmentMailbox', type: 'MailUser', kind: 'MailUser', remote: 'EquipmentMailbox' },
  { details: 'MailContact', type: 'MailContact', kind: 'MailContact' },
  { details: 'MailUniversalDistributionGroup', type: 'MailUniversalDistributionGroup', kind: 'DistributionGroup' },
  { details: 'MailUniversalSecurityGroup', type: 'MailUniversalSecurityGroup', kind: 'DistributionGroup', security: true },
  { details: 'RoomList', type: 'MailUniversalDistributionGroup', kind: 'RoomList' },
  { details: 'User', type: 'User', kind: 'User' },
  { details: 'Contact', type: 'Contact', kind: 'Contact' },
  { details: 'UniversalDistributionGroup', type: 'Group', kind: 'Group' },
  { details: 'UniversalSecurityGroup', type: 'Group', kind: 'Group', security: true },
]

/** The row that a recipient is of. */
export function recipientTypeOf({
  kind,
  remoteMailbox,
  security,
}: Pick<Recipient, 'kind' | 'remoteMailbox' | 'security'>): RecipientTypeRow {
  const grouped = kind === 'DistributionGroup' || kind === 'Group'
  const found = recipientTypes.find(
    (row) =>
      row.kind === kind &&
      row.remote === (kind === 'MailUser' ? remoteMailbox : undefined) &&
      (row.security ?? false) === (grouped && security === true),
  )
  if (!found) throw new Error(`a recipient of the kind ${kind} has no type`)
  return found
}

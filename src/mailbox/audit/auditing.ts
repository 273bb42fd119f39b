import type { Directory, Recipient } from '#directory'
import { TimeSpan, type Caller } from '#model'
import { usuallyAudited, type AuditAction, type LogonType } from './actions.ts'

/** What of a caller's doings in one mailbox is written down, and as whose. Absent = nothing. */
export interface Auditing {
  logon: LogonType
  actions: readonly AuditAction[]
  /** Who it really is: behind an impersonation, whoever impersonates. GUID (empty for somebody of another organisation), address, name. */
  who: { id: string; address: string; name: string; sid: string }
  /** Somebody of another organisation. */
  external: boolean
  /** Milliseconds that an entry is kept. */
  ageLimit: number
}

/** How long entries are kept unless Set-Mailbox -AuditLogAgeLimit says otherwise. */
export const usualAgeLimit = '90.00:00:00'

/** Milliseconds that a change of a calendar item is remembered: as long as calendar items that were deleted are kept. */
export const calendarLogAge = 120 * 86_400_000

/** Milliseconds that a mailbox keeps entries. */
export function auditAgeLimitOf(owner: Pick<Recipient, 'kept'> | undefined): number {
  return (TimeSpan.parse(String(owner?.kept?.AuditLogAgeLimit ?? usualAgeLimit)) ?? TimeSpan.parse(usualAgeLimit)!).ms
}

/** The actions that a mailbox has written down of those who come so (Set-Mailbox -AuditOwner, -AuditDelegate, -AuditAdmin). */
export function auditedActionsOf({ kept }: Pick<Recipient, 'kept'>, logon: LogonType): readonly AuditAction[] {
  const own = kept?.[`Audit${logon}`]
  return Array.isArray(own) ? (own as readonly AuditAction[]) : usuallyAudited[logon]
}

/**
 * What is written down of what the caller does in the mailbox of `owner`. Nothing where auditing is off, where nobody in particular is at work
 * (deliveries, the server's own jobs), and of those whom Set-MailboxAuditBypassAssociation leaves out. Answered from memory.
 */
export async function auditingOf(
  { directory }: { directory: Pick<Directory, 'recipient'> },
  caller: Caller,
  owner: Recipient | undefined,
): Promise<Auditing | undefined> {
  if (!owner || owner.kept?.AuditEnabled === false) return undefined
  const logon = logonOf(caller, owner)
  const actions = logon && auditedActionsOf(owner, logon)
  if (!actions || actions.length === 0) return undefined
  const person = caller.actor ?? caller
  const known = person.recipient === owner.id ? owner : await recipientOf(directory, caller.organisation, person.recipient)
  if (known?.kept?.AuditBypassEnabled === true) return undefined
  const { address } = person
  const name = known?.displayName ?? (caller.actor ? address : caller.name)
  return {
    logon,
    actions,
    who: { id: person.recipient, address, name, sid: known?.sid ?? '' },
    external: caller.kind === 'partner',
    ageLimit: auditAgeLimitOf(owner),
  }
}

async function recipientOf(directory: Pick<Directory, 'recipient'>, organisation: string, id: string): Promise<Recipient | undefined> {
  return id === '' ? undefined : directory.recipient(organisation, id)
}

/** Impersonation and the cmdlets of administrators come by a role over mailboxes. */
function logonOf(caller: Caller, owner: Recipient): LogonType | undefined {
  if (caller.actor) return 'Admin'
  if (caller.kind !== 'user' && caller.kind !== 'partner') return undefined
  return caller.recipient === owner.id ? 'Owner' : 'Delegate'
}

import type { EmailEntries, Instant } from '#model'
import type { MailboxRow, ReadTx } from '#store'
import type { OutOfOffice } from '../contract.ts'
import type { Asker } from './asker.ts'
import type { OutOfOfficeTip } from './contract.ts'

/**
 * The automatic reply that a message of the sender's would get now: the internal one within the organisation, else the external one
 * where ExternalAudience lets the sender have it (`Known` = it is in the mailbox's contacts) ([MS-OXWOOF] 2.2.4.3). `{}` = none.
 */
export async function outOfOfficeTip(
  tx: ReadTx,
  { mailbox, settings }: Pick<MailboxRow, 'mailbox' | 'settings'>,
  asker: Pick<Asker, 'address' | 'getsInternalReply'>,
  now: Instant,
): Promise<OutOfOfficeTip> {
  const stored = settings.outOfOffice as OutOfOffice | undefined
  if (!stored || !holds(stored, now)) return {}
  const reply = asker.getsInternalReply ? stored.internalReply : await externalReply(tx, mailbox, stored, asker.address)
  if (!reply?.message) return {}
  const { start, end } = stored.state === 'Scheduled' ? stored : {}
  return { reply, ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) }
}

/** A scheduled reply holds from its start until before its end. */
function holds({ state, start, end }: OutOfOffice, now: Instant): boolean {
  if (state !== 'Scheduled') return state === 'Enabled'
  return (start === undefined || now >= start) && (end === undefined || now < end)
}

async function externalReply(tx: ReadTx, mailbox: string, stored: OutOfOffice, sender: string): Promise<OutOfOffice['externalReply']> {
  if (stored.externalAudience === 'None') return undefined
  if (stored.externalAudience === 'Known' && !(await isContact(tx, mailbox, sender))) return undefined
  return stored.externalReply
}

/** How many contacts with the words of the address are looked at: the address itself is among the first. */
const mostCandidates = 100

/** True when the mailbox's Contacts hold the address. The text index finds them, so that it costs the same in a large folder. */
export async function isContact(tx: ReadTx, mailbox: string, address: string): Promise<boolean> {
  const contacts = await tx.folders.byKind(mailbox, 'contacts')
  if (!contacts || !address) return false
  const found = await tx.items.rows({
    mailbox,
    folders: [contacts.id],
    associated: false,
    where: { words: address },
    order: [{ column: 'received', descending: true }],
    limit: mostCandidates,
    columns: new Set(['properties'] as const),
  })
  const wanted = address.toLowerCase()
  return found.some(({ properties }) =>
    Object.values((properties.emailAddresses ?? {}) as EmailEntries).some(
      (entry) => entry.address?.replace(/^smtp:/i, '').toLowerCase() === wanted,
    ),
  )
}

import { utc, zoneNamed, type Zone } from '#model'
import type { MailboxRow } from '#store'

/** The time zone of a mailbox's settings; UTC where none is set. */
export function mailboxZone(mailbox: MailboxRow | undefined): Zone {
  const name = mailbox?.settings['timeZone']
  return (typeof name === 'string' ? zoneNamed(name) : undefined) ?? utc
}

import { Refusal, type Instant } from '#model'
import type { ReadTx, WriteTx } from '#store'
import type { ConfigurationObject } from './configuration/contract.ts'
import type { ConfigurationKind } from './configuration/kinds.ts'
import { locate, shown, untouchedBuiltIn } from './configuration/stored.ts'
import type { AcceptedDomain, Recipient } from './contract.ts'
import { firstOf, keysFor } from './find-recipient.ts'
import { domainRowOf, isRecipient, recipientObject, recipientOf } from './rows.ts'

type Objects = Pick<ReadTx, 'objects'>

/** Whose mailbox it is, as the transaction sees it: for what must not be decided by anything older than the write. */
export async function ownerWithin(tx: Objects, organisation: string, mailbox: string): Promise<Recipient | undefined> {
  const row = await tx.objects.byKey(organisation, `mailbox:${mailbox.toLowerCase()}`)
  return isRecipient(row) ? recipientOf(row) : undefined
}

/** A recipient, as the transaction sees it: for a right that must not be older than the write. */
export async function recipientWithin(tx: Objects, organisation: string, id: string): Promise<Recipient | undefined> {
  const row = await tx.objects.byKey(organisation, `recipient:${id}`)
  return isRecipient(row) ? recipientOf(row) : undefined
}

/** Changes who may send on behalf of a recipient, from what the transaction sees. Changed outside of it meanwhile → StaleObject. */
export async function changeSendersWithin(
  tx: Pick<WriteTx, 'objects'>,
  { organisation, id }: Pick<Recipient, 'organisation' | 'id'>,
  after: (senders: readonly string[]) => string[],
  changed: Instant,
): Promise<void> {
  const row = await tx.objects.byKey(organisation, `recipient:${id}`)
  if (!isRecipient(row)) throw new Refusal('UnknownRecipient', `There is no recipient ${id}.`, { id })
  const recipient = recipientOf(row)
  const sendOnBehalf = [...new Set(after(recipient.sendOnBehalf))]
  if (sendOnBehalf.join() === recipient.sendOnBehalf.join()) return
  await tx.objects.save(recipientObject({ ...recipient, sendOnBehalf, changed }, row.version))
}

/** Who has an SMTP address, or signs in with it, as the transaction sees it: as `Directory.find` would answer. */
export async function recipientAtWithin(tx: Objects, organisation: string, address: string): Promise<Recipient | undefined> {
  const found = await firstOf(tx, organisation, keysFor(address.trim()))
  return found?.kind === 'PublicFolderMailbox' ? undefined : found
}

/** Whose an accepted domain is, as the transaction sees it. */
export async function domainWithin(tx: Objects, domain: string): Promise<AcceptedDomain | undefined> {
  const row = await tx.objects.anywhere(`domain:${domain.toLowerCase()}`)
  return row && domainRowOf(row)
}

/** The one object of a kind that is always there, as the transaction sees it. */
export async function settingsWithin<K extends ConfigurationKind>(
  tx: Objects,
  organisation: string,
  kind: K,
): Promise<ConfigurationObject<K> | undefined> {
  const stored = (await locate(tx, organisation, kind, undefined)) ?? (await untouchedBuiltIn(tx, organisation, kind))
  return stored && (shown(organisation, kind, stored) as unknown as ConfigurationObject<K>)
}

import type { Recipient } from '#directory'
import type { Mailboxes } from '#mailbox'
import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import { recipientFor } from './find.ts'
import { plainText } from './property.ts'
import { shownRecipient } from './shown.ts'

/** By this in `kept` an archive that was taken away is found again. */
const disconnected = 'DisconnectedArchive'

/** What a recipient is given with an archive: the archive, whose GUID the directory makes, and the default retention policy where it has none. */
export async function newArchive(
  { configuration, organisation }: CmdletContext,
  { displayName, kept = {} }: Pick<Recipient, 'displayName' | 'kept'>,
  name = `In-Place Archive - ${displayName}`,
): Promise<Pick<Recipient, 'archive' | 'kept'>> {
  const { [disconnected]: before, ...others } = kept
  const policies = others.RetentionPolicy === undefined ? await configuration.list(organisation, 'RetentionPolicy') : []
  const policy = policies.find(({ IsDefault }) => IsDefault)
  return {
    archive: { mailbox: typeof before === 'string' ? before : '', name: plainText('ArchiveName', name, 256) },
    kept: { ...others, ...(policy ? { RetentionPolicy: policy.Guid } : {}) },
  }
}

/** `Enable-Mailbox -Archive`: the archive that the mailbox had before, with what is in it, or a new one. There is one already → InvalidOperation. */
export async function enableArchive(
  context: CmdletContext,
  { provisionArchive }: Pick<Mailboxes, 'provisionArchive'>,
  identity: string,
  name: string | undefined,
): Promise<Record<string, unknown>> {
  const recipient = await recipientFor(context, 'Mailbox', identity)
  if (recipient.archive) {
    throw new Refusal('InvalidOperation', `'${recipient.displayName}' has an archive already: '${recipient.archive.name}'.`, { kind: 'Mailbox' }) // prettier-ignore
  }
  const given = await newArchive(context, recipient, name)
  const changed = await context.directory.update(context.organisation, recipient.id, given)
  await provisionArchive(changed)
  return shownRecipient('Mailbox', changed, context)
}

/** A recipient without its archive, which stays in the store and is found again. */
export function withoutArchive({ archive, kept }: Pick<Recipient, 'archive' | 'kept'>): Pick<Recipient, 'archive' | 'kept'> {
  return { archive: undefined, kept: archive ? { ...kept, [disconnected]: archive.mailbox } : (kept ?? {}) }
}

/** `Disable-Mailbox -Archive`. None → InvalidOperation. */
export async function disableArchive(context: CmdletContext, { id, archive, displayName }: Recipient): Promise<void> {
  if (!archive) throw new Refusal('InvalidOperation', `'${displayName}' has no archive.`, { kind: 'Mailbox' })
  await context.directory.update(context.organisation, id, withoutArchive)
}

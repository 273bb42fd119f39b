import type { Recipient } from '#directory'
import type { Mailboxes } from '#mailbox'
import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import { recipientFor } from './find.ts'
import { plainText } from './property.ts'
import { shownRecipient } from './shown.ts'

/** By this in `kept` an archive that was taken away is found again. */
const disconnected = 'DisconnectedArchive'

/** What a recipient, as it is then, is given with an archive: the archive, whose GUID the directory makes, and the default retention policy where it has none. */
export async function newArchive(
  { configuration, organisation }: CmdletContext,
  name: string,
): Promise<(now: Pick<Recipient, 'kept'>) => Pick<Recipient, 'archive' | 'kept'>> {
  const policy = (await configuration.list(organisation, 'RetentionPolicy')).find(({ IsDefault }) => IsDefault)
  const shown = plainText('ArchiveName', name, 256)
  return ({ kept = {} }) => {
    const { [disconnected]: before, ...others } = kept
    return {
      archive: { mailbox: typeof before === 'string' ? before : '', name: shown },
      kept: { ...others, ...(policy && others.RetentionPolicy === undefined ? { RetentionPolicy: policy.Guid } : {}) },
    }
  }
}

export const usualArchiveName = (displayName: string): string => `In-Place Archive - ${displayName}`

/** `Enable-Mailbox -Archive`: the archive that the mailbox had before, with what is in it, or a new one. There is one already → InvalidOperation. */
export async function enableArchive(
  context: CmdletContext,
  { provisionArchive }: Pick<Mailboxes, 'provisionArchive'>,
  identity: string,
  name: string | undefined,
): Promise<Record<string, unknown>> {
  const recipient = await recipientFor(context, 'Mailbox', identity)
  const given = await newArchive(context, name ?? usualArchiveName(recipient.displayName))
  // By what the recipient is in the write: nothing that was set meanwhile is lost, and nobody gets two.
  const changed = await context.directory.update(context.organisation, recipient.id, (now) => {
    if (now.archive) throw new Refusal('InvalidOperation', `'${now.displayName}' has an archive already: '${now.archive.name}'.`, { kind: 'Mailbox' }) // prettier-ignore
    return given(now)
  })
  await provisionArchive(changed)
  return shownRecipient('Mailbox', changed, context)
}

/** A recipient without its archive, which stays in the store and is found again. */
export function withoutArchive({ archive, kept }: Pick<Recipient, 'archive' | 'kept'>): Pick<Recipient, 'archive' | 'kept'> {
  return { archive: undefined, kept: archive ? { ...kept, [disconnected]: archive.mailbox } : (kept ?? {}) }
}

/** `Disable-Mailbox -Archive`. None → InvalidOperation; held → MailboxOnHold, unless holds are ignored. */
export async function disableArchive(context: CmdletContext, { id, archive, displayName }: Recipient, ignoreHold: boolean): Promise<void> {
  if (!archive) throw new Refusal('InvalidOperation', `'${displayName}' has no archive.`, { kind: 'Mailbox' })
  await context.directory.update(context.organisation, id, withoutArchive, { ignoreHold })
}

import type { Directory, Recipient } from '#directory'
import type { Mailboxes } from '#mailbox'
import { administratorCaller, Refusal, type Caller } from '#model'
import { recipientFor } from '../recipients/find.ts'
import type { CmdletContext } from '../registry/cmdlet.ts'

/** What these cmdlets work with beside their context. */
export interface MailboxNeeds {
  mailboxes: Mailboxes
  /** Everybody, for whom people name in their own permissions: the context's directory may show them themselves alone. */
  directory: Directory
  /** Names under which mailboxes say where they lie: of the only database and of the server. */
  database: string
  server: string
}

/** A mailbox that a cmdlet looks into or sets up, and as whom it does. */
export interface OpenMailbox {
  recipient: Recipient
  mailbox: string
  /** Whoever works on their own mailbox is themselves; else it is an administrator, whom the mailbox verbs let do what the owner may. */
  caller: Caller
  /** Names it, and nobody else. */
  identity: string
}

/**
 * The mailbox named; without a name the caller's own. None, or none that the caller's roles show (the directory is held to them) → ObjectNotFound;
 * not the caller's to change → OutOfScope.
 */
export async function mailboxFor(context: CmdletContext, identity: string | undefined, purpose: 'see' | 'change'): Promise<OpenMailbox> {
  const recipient = identity === undefined ? await own(context) : await recipientFor(context, 'Mailbox', identity)
  if (purpose === 'change') await context.mayChange(recipient)
  return opened(context, recipient)
}

/** The mailbox of a recipient whom the directory showed the caller. */
export function opened(context: CmdletContext, recipient: Recipient): OpenMailbox {
  const { caller } = context
  const isOwn = caller.kind === 'user' && caller.recipient === recipient.id
  return { recipient, mailbox: recipient.mailbox, caller: isOwn ? caller : administratorCaller(caller), identity: recipient.address }
}

/** The archive of an open mailbox. None → ObjectNotFound. */
export function archiveFor(open: OpenMailbox): OpenMailbox {
  const { archive, displayName } = open.recipient
  if (archive) return { ...open, mailbox: archive.mailbox }
  throw new Refusal('ObjectNotFound', `'${displayName}' has no archive; Enable-Mailbox -Archive makes one.`, { kind: 'Mailbox' })
}

async function own({ caller, organisation, directory }: CmdletContext): Promise<Recipient> {
  const recipient = caller.kind === 'user' ? await directory.recipient(organisation, caller.recipient) : undefined
  if (recipient?.mailbox) return recipient
  throw new Refusal('ObjectNotFound', 'You have no mailbox here: name one with -Identity.', { kind: 'Mailbox' })
}

/** Refuses parameters that Exchange has and that are not there yet, by name. */
export function refuseLeftOut(cmdlet: string, args: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const found = names.find((name) => args[name] !== undefined && args[name] !== false)
  if (found) throw new Refusal('InvalidParameter', `-${found} of ${cmdlet} is not there yet: leave it out.`, { cmdlet, parameter: found })
}

/** Refuses text that is longer than what is kept. */
export function requireShort(parameter: string, text: string, most: number): string {
  if (text.length <= most) return text
  throw new Refusal('InvalidParameter', `-${parameter} has ${text.length} characters; ${most} are kept at most.`, { parameter })
}

import type { Delegate, DelegateChange, DelegateFolder, DelegateLevel } from '#mailbox'
import { Refusal } from '#model'
import { success, type DelegateUserElement, type ResponseMessage, type UserId } from '#schema'
import type { EwsContext } from '../../context.ts'
import { failed } from '../../verb.ts'

type Permissions = NonNullable<DelegateUserElement['DelegatePermissions']>

const elements: readonly [DelegateFolder, keyof Permissions][] = [
  ['calendar', 'CalendarFolderPermissionLevel'],
  ['tasks', 'TasksFolderPermissionLevel'],
  ['inbox', 'InboxFolderPermissionLevel'],
  ['contacts', 'ContactsFolderPermissionLevel'],
  ['notes', 'NotesFolderPermissionLevel'],
  ['journal', 'JournalFolderPermissionLevel'],
]

/** A delegate as EWS shows it ([MS-OXWSDLGM] 2.2.4.5); nobody who is no more. */
export async function delegateElement(context: EwsContext, one: Delegate, withLevels: boolean): Promise<DelegateUserElement | undefined> {
  const recipient = await context.directory.recipient(context.caller.organisation, one.recipient)
  if (!recipient) return undefined
  const levels = elements.flatMap(([kind, name]) => (one.levels[kind] ? [[name, one.levels[kind]]] : []))
  return {
    UserId: { SID: recipient.sid, PrimarySmtpAddress: recipient.address, DisplayName: recipient.displayName },
    ...(withLevels ? { DelegatePermissions: Object.fromEntries(levels) as Permissions } : {}),
    ReceiveCopiesOfMeetingMessages: one.copies,
    ViewPrivateItems: one.private,
  }
}

/** What a client says of a delegate. */
export function delegateChange(recipient: string, element: DelegateUserElement): DelegateChange {
  const { DelegatePermissions: given, ReceiveCopiesOfMeetingMessages: copies, ViewPrivateItems: sees } = element
  const levels = elements.flatMap(([kind, name]): [DelegateFolder, DelegateLevel][] => (given?.[name] ? [[kind, given[name]]] : []))
  return {
    recipient,
    levels: Object.fromEntries(levels),
    ...(copies === undefined ? {} : { copies }),
    ...(sees === undefined ? {} : { private: sees }),
  }
}

/** The recipient that an id names. Nobody named, or everybody → InvalidDelegateUserId; nobody there → DelegateNoUser. */
export async function delegateUser(context: EwsContext, { DistinguishedUser, PrimarySmtpAddress, SID }: UserId): Promise<string> {
  const name = PrimarySmtpAddress || SID
  if (DistinguishedUser || !name) throw new Refusal('InvalidDelegateUserId', 'UserId: expected PrimarySmtpAddress or SID of one person')
  const found = await context.directory.find(name, context.caller.organisation)
  if (!found) throw new Refusal('DelegateNoUser', `There is nobody '${name.slice(0, 320)}' in the directory.`)
  return found.id
}

/** The mailbox of a request. */
export async function delegatingMailbox(
  context: EwsContext,
  { EmailAddress = '' }: { EmailAddress?: string | undefined },
): Promise<string> {
  if (!EmailAddress) throw new Refusal('InvalidUserInfo', 'Mailbox: expected EmailAddress')
  return context.mailboxAt(EmailAddress)
}

export type DelegateMessage = ResponseMessage<{ DelegateUser?: DelegateUserElement }>

/**
 * One message for each person asked about, in order: those that cannot be found answer for themselves, the others are done together.
 */
export async function forEachDelegate<T>(
  context: EwsContext,
  people: readonly T[],
  userIdOf: (one: T) => UserId,
  together: (found: { id: string; one: T }[]) => Promise<(Delegate | string | Refusal)[]>,
  withLevels = true,
): Promise<DelegateMessage[]> {
  const messages: (DelegateMessage | undefined)[] = []
  const found: { id: string; one: T; at: number }[] = []
  for (const [at, one] of people.entries()) {
    try {
      found.push({ id: await delegateUser(context, userIdOf(one)), one, at })
    } catch (error) {
      messages[at] = failed(context, error)
    }
  }
  const outcomes = await together(found)
  for (const [index, { at }] of found.entries()) {
    const outcome = outcomes[index]
    if (outcome instanceof Refusal) messages[at] = failed(context, outcome)
    else messages[at] = await shown(context, outcome, withLevels)
  }
  return messages.filter((one) => one !== undefined)
}

/** A delegate as the success that shows it; one that is only named, as a bare success. */
export async function shown(context: EwsContext, outcome: Delegate | string | undefined, withLevels: boolean): Promise<DelegateMessage> {
  const DelegateUser = typeof outcome === 'object' ? await delegateElement(context, outcome, withLevels) : undefined
  return success(DelegateUser ? { DelegateUser } : {})
}

import type { Recipient } from '#directory'
import { Refusal, type EmailAddress, type Properties, type RefusalCode } from '#model'
import type { ItemRow } from '#store'

/** How meeting messages of a mailbox with delegates go ([MS-OXWSDLGM] 2.2.5.1 DeliverMeetingRequestsType). */
export type DeliverMeetingMessages = 'DelegatesOnly' | 'DelegatesAndMe' | 'DelegatesAndSendInformationToMe' | 'NoForward'

/** What a mailbox's settings keep under `delegates`. People are recipient GUIDs. */
export interface DelegateSettings {
  users: { recipient: string; copies: boolean; private: boolean }[]
  deliver: DeliverMeetingMessages
}

const mostDelegates = 100

/** The delegates of a mailbox, as its settings have them; nobody where there are none. */
export function delegatesOf(settings: Readonly<Record<string, unknown>>): DelegateSettings {
  const set = settings.delegates as Partial<DelegateSettings> | undefined
  return { users: (set?.users ?? []).slice(0, mostDelegates), deliver: set?.deliver ?? 'DelegatesAndMe' }
}

export function addressOf({ displayName, address }: Recipient): EmailAddress {
  return { name: displayName, address, routingType: 'SMTP' }
}

/**
 * The mailbox whose meeting a message is about: its own, or for a delegate's copy the one that it was sent to. Undefined where that one is on
 * other premises.
 */
export function mailboxOfMeeting({ mailbox, properties }: Pick<ItemRow, 'mailbox'> & { properties: Properties }): string | undefined {
  if (typeof properties.$delegatedFor === 'string') return properties.$delegatedFor
  return properties.isDelegated === true ? undefined : mailbox
}

/** A delegate's copy is not answered itself: the answer is the owner's, whose calendar item it is given with. */
export function refuseDelegated({ properties }: Pick<ItemRow, 'properties'>, code: RefusalCode): void {
  if (properties.isDelegated !== true) return
  throw new Refusal(code, "This message is a delegate's copy: answer the meeting in the owner's calendar (AssociatedCalendarItemId).")
}

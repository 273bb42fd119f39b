import type { Caller, Instant, Refusal } from '#model'

/** What can be asked of a recipient, by the names of EWS ([MS-OXWMT] 3.1.4.1 MailTipTypes; `All` stands for these). */
export const mailTipKinds = [
  'OutOfOfficeMessage', 'MailboxFullStatus', 'CustomMailTip', 'ExternalMemberCount', 'TotalMemberCount', 'MaxMessageSize',
  'DeliveryRestriction', 'ModerationStatus', 'InvalidRecipient',
] as const // prettier-ignore

export type MailTipKind = (typeof mailTipKinds)[number]

/** The automatic reply that a message would get; without `reply` there is none. */
export interface OutOfOfficeTip {
  /** HTML, as the person wrote it. */
  reply?: { message: string; language?: string }
  /** When it holds, of a scheduled one. */
  start?: Instant
  end?: Instant
}

/** What is to be known of one recipient before a message is sent. What was not asked for, or is not for the caller, is absent. */
export interface MailTips {
  /** As it was asked for. */
  address: string
  /** Asked for, but not found out within the bounds of one request. */
  pending: MailTipKind[]
  /** Absent too for recipients without a mailbox here. */
  outOfOffice?: OutOfOfficeTip
  /** Absent too for recipients without a mailbox here. */
  mailboxFull?: boolean
  /** Absent too where nobody wrote one. */
  customMailTip?: string
  /** People that a message to it goes to: 1 for a person, of a group at most `largestAudience`. */
  totalMemberCount?: number
  externalMemberCount?: number
  /** Bytes. */
  maxMessageSize?: number
  deliveryRestricted?: boolean
  isModerated?: boolean
  invalidRecipient?: boolean
}

export interface MailTipsOptions {
  /** Address of whom the message is from; absent = the caller. */
  sendingAs?: string
  /** The language that custom tips are wanted in (`de-DE`). */
  culture?: string
}

/** What clients must know to ask for MailTips and to show them ([MS-OXWCONFIG] 3.1.4.1.3.27). */
export interface MailTipsConfiguration {
  enabled: boolean
  mostRecipients: number
  /** Bytes. */
  maxMessageSize: number
  /** So many recipients, and the sender is warned. */
  largeAudienceThreshold: number
  /** Members of a group are counted up to here. */
  largeAudienceCap: number
  showExternalRecipientCount: boolean
  internalDomains: string[]
}

/** What is to be known of recipients before a message is sent ([MS-OXWMT]): of those that are here. */
export interface MailTipsVerbs {
  /**
   * One outcome per recipient, in order. Refuses for all: AccessDenied (a caller without a name), MailTipsDisabled (switched off, or not
   * for the partner), SendAsDenied (`sendingAs` is nobody that the caller may send as), ExceededFindCountLimit (over 100 recipients);
   * for one: MissingEmailAddress. A partner is given as much as its level and scope allow.
   */
  mailTips(
    caller: Caller,
    recipients: readonly string[],
    wanted: readonly MailTipKind[],
    options?: MailTipsOptions,
  ): Promise<(MailTips | Refusal)[]>
  /** How MailTips are set up for the caller's organisation. Refuses AccessDenied, MailTipsDisabled for a partner, SendAsDenied. */
  mailTipsConfiguration(caller: Caller, options?: Pick<MailTipsOptions, 'sendingAs'>): Promise<MailTipsConfiguration>
}

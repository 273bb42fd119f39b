import type { EmailAddress } from '#model'
import type { MessageFacts } from '../automatic/facts.ts'
import type { RulePredicates } from './contract.ts'

type Conditions = {
  readonly [N in keyof RulePredicates]-?: (facts: MessageFacts, wanted: NonNullable<RulePredicates[N]>) => boolean
}

const folded = (text: string): string => text.toLocaleLowerCase('und')
const contains = (text: string, wanted: readonly string[]): boolean => {
  const all = folded(text)
  return wanted.some((one) => all.includes(folded(one)))
}
const peopleText = (people: readonly (EmailAddress | undefined)[]): string =>
  people.map((one) => `${one?.name ?? ''} ${one?.address ?? ''}`).join('\n')
const addressed = (people: readonly (EmailAddress | undefined)[], wanted: readonly EmailAddress[]): boolean =>
  people.some((one) => one?.address && wanted.some(({ address }) => address?.toLowerCase() === one.address?.toLowerCase()))
const isMine = ({ mine }: MessageFacts, { address = '' }: EmailAddress): boolean => mine.has(address.toLowerCase())
const isClass = (itemClass: string, wanted: string): boolean => {
  const [is, one] = [folded(itemClass), folded(wanted)]
  return is === one || is.startsWith(`${one}.`)
}

/** Texts of the flag that a sender sets on a message for its recipients (`X-Message-Flag`), as Outlook writes them. */
const flagTexts: Record<Exclude<NonNullable<RulePredicates['FlaggedForAction']>, 'Any'>, string> = {
  Call: 'call',
  DoNotForward: 'do not forward',
  FollowUp: 'follow up',
  FYI: 'for your information',
  Forward: 'forward',
  NoResponseNecessary: 'no response necessary',
  Read: 'read',
  Reply: 'reply',
  ReplyToAll: 'reply to all',
  Review: 'review',
}

/** What each condition asks, one row each ([MS-OXWSRULES] 2.2.4.8). */
const conditions: Conditions = {
  Categories: ({ categories }, wanted) => categories.some((one) => wanted.some((name) => folded(name) === folded(one))),
  ContainsBodyStrings: ({ body }, wanted) => contains(body(), wanted),
  ContainsHeaderStrings: ({ headers }, wanted) => contains(headers(), wanted),
  ContainsRecipientStrings: ({ to, cc }, wanted) => contains(peopleText([...to, ...cc]), wanted),
  ContainsSenderStrings: ({ from }, wanted) => contains(peopleText([from]), wanted),
  ContainsSubjectOrBodyStrings: ({ subject, body }, wanted) => contains(subject, wanted) || contains(body(), wanted),
  ContainsSubjectStrings: ({ subject }, wanted) => contains(subject, wanted),
  FlaggedForAction: ({ header }, wanted) => {
    const flag = header('x-message-flag').trim()
    return wanted === 'Any' ? flag !== '' : folded(flag) === flagTexts[wanted]
  },
  FromAddresses: ({ from }, wanted) => addressed([from], wanted),
  // Mail that other accounts are fetched from does not come here: no message is from one.
  FromConnectedAccounts: () => false,
  HasAttachments: ({ hasAttachments }) => hasAttachments,
  Importance: ({ importance }, wanted) => importance === wanted,
  IsApprovalRequest: ({ itemClass }) => isClass(itemClass, 'IPM.Note.Microsoft.Approval.Request'),
  IsAutomaticForward: ({ header }) =>
    header(loopHeader) !== '' ||
    /^auto-forwarded/i.test(header('auto-submitted')) ||
    /^true$/i.test(header('x-ms-exchange-organization-autoforwarded')),
  IsAutomaticReply: ({ header, itemClass }) => /^auto-replied/i.test(header('auto-submitted')) && !itemClass.startsWith('REPORT.'),
  IsEncrypted: ({ itemClass, smimeType }) => itemClass === 'IPM.Note.SMIME' && smimeType !== 'signed-data',
  IsMeetingRequest: ({ kind }) => kind === 'meetingRequest',
  IsMeetingResponse: ({ kind }) => kind === 'meetingResponse',
  IsNDR: ({ itemClass }) => /^REPORT\..*\.NDR$/i.test(itemClass),
  IsPermissionControlled: ({ header }) => /^rpmsg\.message/i.test(header('content-class')),
  IsReadReceipt: ({ itemClass }) => /^REPORT\..*\.IPNRN$/i.test(itemClass),
  IsSigned: ({ itemClass, smimeType }) =>
    itemClass === 'IPM.Note.SMIME.MultipartSigned' || (itemClass === 'IPM.Note.SMIME' && smimeType === 'signed-data'),
  IsVoicemail: ({ itemClass, header }) => isClass(itemClass, 'IPM.Note.Microsoft.Voicemail') || /^voice-/i.test(header('content-class')),
  ItemClasses: ({ itemClass }, wanted) => wanted.some((one) => isClass(itemClass, one)),
  // No classifications are declared, so that none can be on a message.
  MessageClassifications: () => false,
  NotSentToMe: (facts) => !facts.to.some((one) => isMine(facts, one)),
  SentCcMe: (facts) => facts.cc.some((one) => isMine(facts, one)),
  SentOnlyToMe: (facts) => facts.cc.length === 0 && facts.to.length > 0 && facts.to.every((one) => isMine(facts, one)),
  SentToAddresses: ({ to, cc }, wanted) => addressed([...to, ...cc], wanted),
  SentToMe: (facts) => facts.to.some((one) => isMine(facts, one)),
  SentToOrCcMe: (facts) => [...facts.to, ...facts.cc].some((one) => isMine(facts, one)),
  Sensitivity: ({ sensitivity }, wanted) => sensitivity === wanted,
  WithinDateRange: ({ received }, { from = -Infinity, to = Infinity }) => received >= from && received <= to,
  WithinSizeRange: ({ size }, { least = 0, most = Infinity }) => size >= least * 1024 && size <= most * 1024,
}

/** Header field that names each mailbox whose rules sent a message on. */
export const loopHeader = 'x-ms-exchange-inbox-rules-loop'

export const conditionNames = Object.keys(conditions) as (keyof RulePredicates)[]

/** What of the predicates is asked for: absent and false ones are not. */
function asked(predicates: RulePredicates): (keyof RulePredicates)[] {
  return conditionNames.filter((name) => predicates[name] !== undefined && predicates[name] !== false)
}

const holds = (facts: MessageFacts, predicates: RulePredicates, name: keyof RulePredicates): boolean =>
  (conditions[name] as (facts: MessageFacts, wanted: unknown) => boolean)(facts, predicates[name])

/** True when all the conditions hold; none asked for = every message. */
export function meets(facts: MessageFacts, predicates: RulePredicates): boolean {
  return asked(predicates).every((name) => holds(facts, predicates, name))
}

/** True when one of the exceptions holds. */
export function isExcepted(facts: MessageFacts, predicates: RulePredicates): boolean {
  return asked(predicates).some((name) => holds(facts, predicates, name))
}

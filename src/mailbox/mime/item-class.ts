import type { ItemKind } from '#model'
import type { ParsedMessage } from '#wire'

/** What a message is by its calendar part's method (RFC 5546 1.4, [MS-OXCICAL] 2.1.3.1.1.1), one row a method. */
const methods: Record<string, { kind: ItemKind; itemClass: string }> = {
  REQUEST: { kind: 'meetingRequest', itemClass: 'IPM.Schedule.Meeting.Request' },
  ADD: { kind: 'meetingRequest', itemClass: 'IPM.Schedule.Meeting.Request' },
  CANCEL: { kind: 'meetingCancellation', itemClass: 'IPM.Schedule.Meeting.Canceled' },
  REPLY: { kind: 'meetingResponse', itemClass: 'IPM.Schedule.Meeting.Resp.Tent' },
  COUNTER: { kind: 'meetingResponse', itemClass: 'IPM.Schedule.Meeting.Resp.Tent' },
}
/**
 * What a report tells of ([MS-OXCMAIL] 2.2.3.7.1.1), by the words in its machine-readable part (RFC 3464 2.3.3, RFC 8098 3.2.6): the gravest of
 * them, which stands first, as it does for any other word.
 */
const reports: Record<string, { part: string; word: RegExp; classes: Record<string, string> }> = {
  'delivery-status': {
    part: 'message/delivery-status',
    word: /^Action:[ \t]*([a-z]+)/gim,
    classes: { failed: 'NDR', delayed: 'Delayed.DR', relayed: 'Relayed.DR', expanded: 'Expanded.DR', delivered: 'DR' },
  },
  'disposition-notification': {
    part: 'message/disposition-notification',
    word: /^Disposition:[^;\r\n]*;[ \t]*([a-z]+)/gim,
    classes: { displayed: 'IPNRN', deleted: 'IPNNRN' },
  },
}
const answers: Record<string, string> = { ACCEPTED: 'Pos', DECLINED: 'Neg', TENTATIVE: 'Tent' }

/** Classes of mail that is no meeting, by the type of the whole message ([MS-OXCMAIL] 2.2.3.1.1, RFC 6522, RFC 8551). */
const types: readonly { type: string; itemClass: string }[] = [
  { type: 'multipart/signed', itemClass: 'IPM.Note.SMIME.MultipartSigned' },
  { type: 'application/pkcs7-mime', itemClass: 'IPM.Note.SMIME' },
  { type: 'application/x-pkcs7-mime', itemClass: 'IPM.Note.SMIME' },
]

/** True of an invitation to a folder ([MS-OXSHRMSG] 2.2.1). */
export const isSharing = (itemClass: unknown): boolean => typeof itemClass === 'string' && /^IPM\.Sharing(\.|$)/i.test(itemClass)
/** What the field Content-Class says of one. */
export const sharingContentClass = 'Sharing'

/** The kind and class of the item that a message becomes. */
export function classify(parsed: ParsedMessage): { kind: ItemKind; itemClass: string } {
  const [calendar] = parsed.calendar
  const meeting = calendar ? methods[calendar.method] : undefined
  if (calendar && meeting)
    return meeting.kind === 'meetingResponse' ? { kind: meeting.kind, itemClass: responseClass(calendar.text) } : meeting
  // An invitation to a folder ([MS-OXCMAIL] 2.2.3.1.1.4, [MS-OXSHRMSG] 2.2.1).
  const contentClass = parsed.headers.find(({ name }) => name.toLowerCase() === 'content-class')?.value.trim()
  if (contentClass?.toLowerCase() === sharingContentClass.toLowerCase()) return { kind: 'message', itemClass: 'IPM.Sharing' }
  const row = types.find(({ type }) => type === parsed.contentType)
  return { kind: 'message', itemClass: reportClass(parsed) ?? row?.itemClass ?? 'IPM.Note' }
}

function reportClass({ contentType, contentParams, attachments }: ParsedMessage): string | undefined {
  const type = contentParams['report-type']?.toLowerCase() ?? ''
  if (contentType !== 'multipart/report' || !Object.hasOwn(reports, type)) return undefined
  const { part, word, classes } = reports[type] as (typeof reports)[string]
  const bytes = attachments.find((one) => one.contentType === part)?.bytes.subarray(0, 100_000) ?? new Uint8Array()
  const told = new Set(Array.from(Buffer.from(bytes).toString('latin1').matchAll(word), ([, said = '']) => said.toLowerCase()))
  const [otherwise] = Object.keys(classes)
  return `REPORT.IPM.Note.${classes[Object.keys(classes).find((one) => told.has(one)) ?? otherwise ?? '']}`
}

/** `IPM.Schedule.Meeting.Resp.Pos`, `.Neg` or `.Tent` by the one attendee's participation status. */
function responseClass(calendar: string): string {
  const unfolded = calendar.slice(0, 100_000).replace(/\r?\n[ \t]/g, '')
  const status = /^ATTENDEE[^\r\n]*;PARTSTAT=([A-Z-]+)/im.exec(unfolded)?.[1]?.toUpperCase() ?? ''
  return `IPM.Schedule.Meeting.Resp.${answers[status] ?? 'Tent'}`
}

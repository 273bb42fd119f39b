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
const answers: Record<string, string> = { ACCEPTED: 'Pos', DECLINED: 'Neg', TENTATIVE: 'Tent' }

/** Classes of mail that is no meeting, by the type of the whole message ([MS-OXCMAIL] 2.2.3.1.1, RFC 6522, RFC 8551). */
const types: readonly { type: string; parameter?: string; is?: string; itemClass: string }[] = [
  { type: 'multipart/report', parameter: 'report-type', is: 'disposition-notification', itemClass: 'REPORT.IPM.Note.IPNRN' },
  { type: 'multipart/signed', itemClass: 'IPM.Note.SMIME.MultipartSigned' },
  { type: 'application/pkcs7-mime', itemClass: 'IPM.Note.SMIME' },
  { type: 'application/x-pkcs7-mime', itemClass: 'IPM.Note.SMIME' },
]

/** What the field Content-Class says of an invitation to a folder. */
export const sharingContentClass = 'Sharing'
/** Classes of delivery reports by what they tell (RFC 3464 2.3.3), the gravest last ([MS-OXCMAIL] 2.2.3.7.1.1). */
const deliveryReports: readonly { action: string; itemClass: string }[] = [
  { action: 'delivered', itemClass: 'REPORT.IPM.Note.DR' },
  { action: 'expanded', itemClass: 'REPORT.IPM.Note.Expanded.DR' },
  { action: 'relayed', itemClass: 'REPORT.IPM.Note.Relayed.DR' },
  { action: 'delayed', itemClass: 'REPORT.IPM.Note.Delayed.DR' },
  { action: 'failed', itemClass: 'REPORT.IPM.Note.NDR' },
]

/** The kind and class of the item that a message becomes. */
export function classify(parsed: ParsedMessage): { kind: ItemKind; itemClass: string } {
  const [calendar] = parsed.calendar
  const meeting = calendar ? methods[calendar.method] : undefined
  if (calendar && meeting)
    return meeting.kind === 'meetingResponse' ? { kind: meeting.kind, itemClass: responseClass(calendar.text) } : meeting
  // An invitation to a folder ([MS-OXCMAIL] 2.2.3.1.1.4, [MS-OXSHRMSG] 2.2.1).
  const contentClass = parsed.headers.find(({ name }) => name.toLowerCase() === 'content-class')?.value.trim()
  if (contentClass?.toLowerCase() === sharingContentClass.toLowerCase()) return { kind: 'message', itemClass: 'IPM.Sharing' }
  if (parsed.contentType === 'multipart/report' && parsed.contentParams['report-type']?.toLowerCase() === 'delivery-status')
    return { kind: 'message', itemClass: deliveryReportClass(parsed) }
  const row = types.find(
    (one) => one.type === parsed.contentType && (!one.parameter || parsed.contentParams[one.parameter]?.toLowerCase() === one.is),
  )
  return { kind: 'message', itemClass: row?.itemClass ?? 'IPM.Note' }
}

/** The class by the gravest Action field; a report that has none is of a failure. */
function deliveryReportClass({ attachments }: ParsedMessage): string {
  const fields = attachments.find(({ contentType }) => contentType === 'message/delivery-status')?.bytes ?? new Uint8Array()
  const text = Buffer.from(fields.subarray(0, 100_000)).toString('latin1')
  const told = new Set(Array.from(text.matchAll(/^Action:[ \t]*(\w+)/gim), ([, action = '']) => action.toLowerCase()))
  return deliveryReports.findLast(({ action }) => told.has(action))?.itemClass ?? 'REPORT.IPM.Note.NDR'
}

/** `IPM.Schedule.Meeting.Resp.Pos`, `.Neg` or `.Tent` by the one attendee's participation status. */
function responseClass(calendar: string): string {
  const unfolded = calendar.slice(0, 100_000).replace(/\r?\n[ \t]/g, '')
  const status = /^ATTENDEE[^\r\n]*;PARTSTAT=([A-Z-]+)/im.exec(unfolded)?.[1]?.toUpperCase() ?? ''
  return `IPM.Schedule.Meeting.Resp.${answers[status] ?? 'Tent'}`
}

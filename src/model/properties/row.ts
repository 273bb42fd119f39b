import type { ExtendedProperty } from '../extended.ts'

/** What a value is; decides its TypeScript shape (`values.ts`), its XML, its comparison and its MAPI forms. */
export type ValueKind =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'long'
  | 'double'
  | 'dateTime'
  /** The clock of a zone with its distance from UTC, as text. */
  | 'wallClock'
  | 'binary'
  | 'strings'
  | 'binaries'
  | 'choice'
  | 'duration'
  | 'body'
  | 'recipient'
  | 'recipients'
  | 'attendees'
  | 'recurrence'
  | 'timeZone'
  | 'flag'
  | 'headers'
  | 'emailEntries'
  | 'phoneNumbers'
  | 'imAddresses'
  | 'physicalAddresses'
  | 'urls'
  | 'completeName'
  | 'members'
  | 'attachments'
  | 'itemId'
  | 'folderId'
  | 'conversationId'
  | 'effectiveRights'
  | 'responseObjects'
  | 'mime'
  | 'occurrence'
  | 'occurrences'
  | 'deletedOccurrences'
  | 'items'
  | 'permissionSet'
  | 'tree'
// prettier-ignore

/** The kinds of item, by their EWS element ([MS-OXWSCORE] 2.2.4.24 and the types that extend it). */
export const itemKinds = {
  item: { element: 'Item', extends: null, itemClass: 'IPM' },
  message: { element: 'Message', extends: 'item', itemClass: 'IPM.Note' },
  calendar: { element: 'CalendarItem', extends: 'item', itemClass: 'IPM.Appointment' },
  contact: { element: 'Contact', extends: 'item', itemClass: 'IPM.Contact' },
  list: { element: 'DistributionList', extends: 'item', itemClass: 'IPM.DistList' },
  task: { element: 'Task', extends: 'item', itemClass: 'IPM.Task' },
  post: { element: 'PostItem', extends: 'item', itemClass: 'IPM.Post' },
  meetingMessage: { element: 'MeetingMessage', extends: 'message', itemClass: 'IPM.Schedule.Meeting' },
  meetingRequest: { element: 'MeetingRequest', extends: 'meetingMessage', itemClass: 'IPM.Schedule.Meeting.Request' },
  meetingResponse: { element: 'MeetingResponse', extends: 'meetingMessage', itemClass: 'IPM.Schedule.Meeting.Resp' },
  meetingCancellation: { element: 'MeetingCancellation', extends: 'meetingMessage', itemClass: 'IPM.Schedule.Meeting.Canceled' },
} as const
export type ItemKind = keyof typeof itemKinds

/** True when `kind` is `ancestor` or extends it. */
export function isKind(kind: ItemKind, ancestor: ItemKind): boolean {
  for (let at: ItemKind | null = kind; at; at = itemKinds[at].extends) if (at === ancestor) return true
  return false
}

/** Which columns of `ItemHead` a property is promoted to. */
export type PromotedColumn =
  | 'itemClass'
  | 'subject'
  | 'received'
  | 'sent'
  | 'created'
  | 'modified'
  | 'size'
  | 'isRead'
  | 'isDraft'
  | 'hasAttachments'
  | 'importance'
  | 'sensitivity'
  | 'flagStatus'
  | 'displayTo'
  | 'displayCc'
  | 'messageId'
  | 'conversation'
  | 'start'
  | 'end'
  | 'isRecurring'
  | 'uid'
  | 'associated'
// prettier-ignore

export interface PropertyRow {
  /** The model's name, unique; the key in `Properties`. */
  name: string
  kind: ValueKind
  /** EWS FieldURI; null where EWS has none. Dictionary kinds: the URI of one entry, without the index. */
  uri: string | null
  /** EWS element; most equal the URI's last part. */
  element: string
  /** Which kinds of item have it (and all that extend them); `folder` for folders. */
  on: readonly (ItemKind | 'folder')[]
  /**
   * `client`: may be created and updated; `create`: only at creation; `server`: computed or stamped, a client's attempt is
   * ErrorInvalidPropertySet.
   */
  set: 'client' | 'create' | 'server'
  /**
   * `column`: promoted (see `column`); `bag`: in `properties`; `derived`: computed by `#mailbox` from the others at read;
   * `content`: a blob (body, MIME, attachments).
   */
  from: 'column' | 'bag' | 'derived' | 'content'
  column?: PromotedColumn
  choices?: readonly string[]
  /** Not part of AllProperties: given only when asked for by name. */
  onRequest?: true
  /** In the Default shape of its kinds ([MS-OXWSCDATA] 2.2.3.10). */
  inDefault?: true
  /** First EWS schema version that knows it; older RequestServerVersions do not get it in AllProperties. */
  since?: 'Exchange2010' | 'Exchange2010_SP1' | 'Exchange2010_SP2' | 'Exchange2013' | 'Exchange2013_SP1' | 'Exchange2016'
  /** The last version whose clients are shown it without asking for it by name. */
  until?: 'Exchange2007_SP1' | 'Exchange2013_SP1'
  /** MAPI property that is this one, value for value (choices by index of `mapiChoices` or of `choices`). */
  mapi?: ExtendedProperty
  /** Older programs knew the MAPI property alone: their items have the value under it, until it is changed. */
  mapiBefore?: true
  /** Numbers of the choices in MAPI where they are not 0, 1, 2 … */
  mapiChoices?: Readonly<Record<string, number>>
}

/** Names a property, one entry of a dictionary property (`phoneNumbers[HomePhone]`, `physicalAddresses[Home].city`), or a stored extended one. */
export type PropertyPath = { property: string; key?: string; part?: string } | { extended: ExtendedProperty }

import type { Body, CompleteName, ItemKind, Properties } from '#model'
import type { ItemRow } from '#store'
import { hasExternalImages, htmlToText, normalisedBody, uniqueBody } from '#wire'
import { storedProperty } from '../items/columns.ts'
import { votingInformation } from '../items/voting.ts'
import type { ContentPart } from './content.ts'
import { localDay } from '../items/contact-rules.ts'
import { folderEntryId } from '../recoverable/entry-id.ts'
import { lastActiveParent } from '../recoverable/relocate.ts'
import { isSharing } from '../mime/item-class.ts'
import { iconOf } from './icon.ts'
import type { ItemView } from './view.ts'

interface Derived {
  needs?: readonly ContentPart[]
  compute: (view: ItemView) => unknown
}

/** A body as plain text. */
export function asText(body: Body | undefined): Body | undefined {
  if (!body || body.type === 'Text') return body
  return { type: 'Text', value: htmlToText(body.value) }
}

function entryIdOf(row: ItemRow): string | undefined {
  const folder = lastActiveParent(row)
  return folder === undefined ? undefined : Buffer.from(folderEntryId(row.mailbox, folder)).toString('base64')
}

/** Properties that are computed when asked for, one row each; those of meetings and series are `calendar/`'s. */
export const derived: Readonly<Record<string, Derived>> = {
  itemId: { compute: ({ row }) => ({ mailbox: row.mailbox, id: row.id, ...occurrenceOf(row.properties) }) },
  parentFolderId: { compute: ({ row, folder }) => ({ mailbox: row.mailbox, id: row.folder, change: folder.change }) },
  effectiveRights: { compute: ({ rights }) => rights },
  responseObjects: { compute: (view) => responsesTo(view).filter((name) => !view.isAttached || toAttached.has(name)) },
  preview: { compute: ({ row }) => row.properties.$preview ?? '' },
  textBody: { needs: ['body'], compute: ({ content }) => asText(content.body) },
  normalizedBody: { needs: ['body'], compute: ({ content }) => content.body && normalisedBody(content.body) },
  uniqueBody: { needs: ['body'], compute: ({ content }) => content.body && uniqueBody(content.body) },
  // What of it is in force is the answer's to say (`shaped`).
  blockStatus: { compute: () => false },
  hasBlockedImages: { needs: ['body'], compute: ({ content }) => content.body?.type === 'HTML' && hasExternalImages(content.body.value) },
  instanceKey: { compute: ({ row }) => key(row.mailbox, row.folder, row.id) },
  // [MS-OXWSCORE] 2.2.4.24, MS-OXWSCORE_R1274: of the store, so the same for all its items.
  storeEntryId: { compute: ({ row }) => key(row.mailbox, 0, 0) },
  searchKey: { compute: ({ row }) => key(row.mailbox, 0, Number(row.properties.$searchKey ?? row.id)) },
  // The documented 22 bytes: of the folder that a deleted item last lay in.
  lastActiveParentEntryId: { compute: ({ row }) => entryIdOf(row) },
  deletedOn: { compute: ({ row }) => row.properties.$deletedOn },
  iconIndex: { compute: ({ row }) => iconOf(row) },
  webClientReadFormQueryString: { compute: ({ row }) => `?ItemID=${row.id}&exvsurl=1&viewmodel=ReadMessageItem` },
  webClientEditFormQueryString: { compute: ({ row }) => `?ItemID=${row.id}&exvsurl=1&viewmodel=ComposeItem` },
  isComplete: { compute: ({ row }) => row.properties.status === 'Completed' },
  taskIsRecurring: { compute: ({ row }) => Boolean(row.properties.taskRecurrence) },
  statusDescription: { compute: ({ row }) => statusText[String(row.properties.status ?? 'NotStarted')] },
  // MS-OXWSCONT_R4702, R7902
  birthdayLocal: { compute: ({ row }) => storedProperty(row, 'birthdayLocal') ?? localDay(row.properties.birthday) },
  weddingAnniversaryLocal: {
    compute: ({ row }) => storedProperty(row, 'weddingAnniversaryLocal') ?? localDay(row.properties.weddingAnniversary),
  },
  // MS-OXWSCONT_R314
  phoneticFullName: { compute: ({ row }) => phoneticName(row.properties) },
  // MS-OXWSCONT_R334022: a person's id is the contact's own, as FindPeople gives it.
  personId: { compute: ({ row }) => ({ mailbox: row.mailbox, id: row.id, change: row.change }) },
  completeName: { compute: ({ row }) => completeName(row) },
  // MS-OXWSMSG_R73005
  votingInformation: { compute: ({ row }) => votingInformation(row.extended) },
  hasPicture: { needs: ['attachments'], compute: ({ content }) => (content.attachments ?? []).some((one) => one.photo) },
}

function occurrenceOf(properties: Properties): { occurrence?: number } {
  return typeof properties.$occurrence === 'number' ? { occurrence: properties.$occurrence } : {}
}

const statusText: Readonly<Record<string, string>> = {
  NotStarted: 'Not Started',
  InProgress: 'In Progress',
  Completed: 'Completed',
  WaitingOnOthers: 'Waiting on someone else',
  Deferred: 'Deferred',
}

/** Bytes that name a row: mailbox, folder and item. */
function key(mailbox: string, folder: number, item: number): string {
  const bytes = Buffer.alloc(32)
  Buffer.from(mailbox.replaceAll('-', ''), 'hex').copy(bytes)
  bytes.writeBigUInt64BE(BigInt(folder), 16)
  bytes.writeBigUInt64BE(BigInt(item), 24)
  return bytes.toString('base64')
}

/** [MS-OXWSCONT] 2.2.4.2 CompleteNameType, from the parts that the contact has. */
function completeName(row: ItemRow): CompleteName | undefined {
  const text = (name: string) => {
    const value = storedProperty(row, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const title = text('displayNamePrefix')
  const parts = [title, text('givenName'), text('middleName'), text('surname'), text('generation')].filter(Boolean)
  const fullName = text('displayName') ?? (parts.length > 0 ? parts.join(' ') : undefined)
  const name = {
    title,
    firstName: text('givenName'),
    middleName: text('middleName'),
    lastName: text('surname'),
    suffix: text('generation'),
    initials: text('initials'),
    fullName,
    nickname: text('nickname'),
    yomiFirstName: text('phoneticFirstName') ?? text('yomiGivenName'),
    yomiLastName: text('phoneticLastName') ?? text('yomiSurname'),
  }
  const filled = Object.entries(name).filter(([, value]) => value !== undefined)
  return filled.length > 0 ? (Object.fromEntries(filled) as CompleteName) : undefined
}

/** What a client may make of an item that is attached to another. */
const toAttached = new Set(['ReplyToItem', 'ReplyAllToItem', 'ForwardItem'])
/** First and last name as they are spoken. */
function phoneticName(properties: Record<string, unknown>): string | undefined {
  const parts = [properties.phoneticFirstName, properties.phoneticLastName].filter((part) => typeof part === 'string' && part !== '')
  return parts.length > 0 ? parts.join(' ') : undefined
}

const meetingAnswers = ['AcceptItem', 'TentativelyAcceptItem', 'DeclineItem'] as const

/** What a client may answer an item with ([MS-OXWSCORE] 2.2.4.24 ResponseObjects). */
function responsesTo({ row, rights }: ItemView): string[] {
  const kind = row.kind as ItemKind
  const answers = ['ReplyToItem', 'ReplyAllToItem', 'ForwardItem']
  switch (kind) {
    case 'message':
    case 'meetingResponse':
      return row.isDraft
        ? []
        : [
            ...(isSharing(row.itemClass) ? ['AcceptSharingInvitation'] : []),
            ...answers,
            ...(row.properties.isReadReceiptRequested === true && !row.isRead ? ['SuppressReadReceipt'] : []),
          ]
    case 'meetingRequest':
      // A delegate answers the meeting in the owner's calendar ([MS-OXWSDLGM] 3.1.4).
      if (row.properties.isDelegated === true) return answers
      return [...meetingAnswers, ...(row.properties.allowNewTimeProposal === false ? [] : ['ProposeNewTime']), ...answers]
    case 'meetingCancellation':
      return row.properties.isDelegated === true ? answers : ['RemoveItem', ...answers]
    case 'calendar':
      return calendarResponses(row.properties, rights.modify)
    case 'post':
      return ['PostReplyItem', 'ReplyToItem', 'ForwardItem']
    case 'contact':
    case 'list':
    case 'task':
      return ['ForwardItem']
    default:
      return answers
  }
}

function calendarResponses(properties: Record<string, unknown>, modify: boolean): string[] {
  // In somebody's calendar that is only to be read ([MS-OXWSMTGS] 2.2.4.2).
  if (!modify) return ['AddItemToMyCalendar', 'ReplyToItem', 'ReplyAllToItem', 'ForwardItem']
  const mine = properties.myResponseType
  const hasAttendees = ['requiredAttendees', 'optionalAttendees', 'resources'].some((name) => {
    const list = properties[name]
    return Array.isArray(list) && list.length > 0
  })
  if (!hasAttendees && (mine === undefined || mine === 'Organizer' || mine === 'Unknown')) return ['ForwardItem']
  if (mine === 'Organizer') return ['CancelCalendarItem', 'ReplyAllToItem', 'ForwardItem']
  const proposal = properties.allowNewTimeProposal === false ? [] : ['ProposeNewTime']
  return [...meetingAnswers, ...proposal, 'ReplyToItem', 'ReplyAllToItem', 'ForwardItem']
}

import { propertySets } from '../extended.ts'
import type { Body, EmailAddress, Flag, InternetHeader } from '../values.ts'
import type { MapiAlias } from './alias.ts'

const flagBits = { read: 1, unmodified: 2, submitted: 4, unsent: 8, hasAttachments: 16, fromMe: 32, associated: 64, resend: 128 } as const

/** PidTagMessageFlags ([MS-OXCMSG] 2.2.1.6): on writing, 1 says whether it is read, 8 whether it is a draft (interop 3.5), 128 that it is sent again. */
const messageFlags: MapiAlias = {
  property: { tag: 0x0e07, type: 'Integer' },
  on: ['item'],
  needs: ['isRead', 'isUnmodified', 'isSubmitted', 'isDraft', 'hasAttachments', 'isFromMe', 'isAssociated', 'isResend'],
  read: (get) =>
    bit(get('isRead') !== false, flagBits.read) |
    bit(get('isUnmodified'), flagBits.unmodified) |
    bit(get('isSubmitted'), flagBits.submitted) |
    bit(get('isDraft'), flagBits.unsent) |
    bit(get('hasAttachments'), flagBits.hasAttachments) |
    bit(get('isFromMe'), flagBits.fromMe) |
    bit(get('isAssociated'), flagBits.associated) |
    bit(get('isResend'), flagBits.resend),
  write: (value) => {
    const bits = Number(value ?? 0)
    return {
      isRead: (bits & flagBits.read) !== 0,
      isDraft: (bits & flagBits.unsent) !== 0,
      ...((bits & flagBits.resend) !== 0 ? { isResend: true } : {}),
    }
  },
}

function bit(on: unknown, value: number): number {
  return on === true ? value : 0
}

/** PidTagFlagStatus ([MS-OXOFLAG] 2.2.1.1): 2 flagged, 1 complete, absent otherwise. */
const flagStatus: MapiAlias = {
  property: { tag: 0x1090, type: 'Integer' },
  on: ['item'],
  needs: ['flag'],
  read: (get) => {
    const status = (get('flag') as Flag | undefined)?.status
    return status === 'Flagged' ? 2 : status === 'Complete' ? 1 : undefined
  },
  write: (value, get) => {
    const before = get('flag') as Flag | undefined
    if (Number(value ?? 0) === 2) return { flag: { ...(before?.status === 'Flagged' ? before : {}), status: 'Flagged' } }
    if (Number(value ?? 0) === 1) return { flag: { status: 'Complete', ...(before?.complete ? { complete: before.complete } : {}) } }
    return { flag: undefined }
  },
}

function flagTime(property: MapiAlias['property'], part: 'start' | 'due' | 'complete'): MapiAlias {
  return {
    property,
    on: ['message', 'contact', 'post'],
    needs: ['flag'],
    read: (get) => (get('flag') as Flag | undefined)?.[part],
    write: (value, get) => {
      const before = get('flag') as Flag | undefined
      // Evolution deletes the times of messages that bear no flag.
      if (value === undefined && !before) return { flag: undefined }
      const flag = { ...(before ?? { status: part === 'complete' ? 'Complete' : 'Flagged' }) } as Flag
      if (value === undefined) delete flag[part]
      else flag[part] = Number(value)
      return { flag }
    },
  }
}

/** One part of a person's entry: name, address or routing type of sender (`sender`) or author (`from`). */
function personPart(
  tag: number,
  property: 'from' | 'sender' | 'receivedBy' | 'receivedRepresenting',
  part: 'name' | 'address' | 'routingType',
): MapiAlias {
  return {
    property: { tag, type: 'String' },
    on: ['message', 'post'],
    needs: [property],
    read: (get) => {
      const person = get(property) as EmailAddress | undefined
      if (!person) return undefined
      return part === 'routingType' ? (person.routingType ?? 'SMTP') : part === 'name' ? (person.name ?? person.address) : person.address
    },
    ...(property === 'from' || property === 'sender'
      ? {
          write: (value, get) => {
            const person: EmailAddress = { ...((get(property) as EmailAddress | undefined) ?? {}) }
            if (value === undefined) delete person[part]
            else person[part] = String(value)
            return { [property]: person }
          },
        }
      : {}),
  } satisfies MapiAlias
}

/** PidTagTransportMessageHeaders: the header block as text. */
const transportHeaders: MapiAlias = {
  property: { tag: 0x007d, type: 'String' },
  on: ['item'],
  needs: ['internetMessageHeaders'],
  read: (get) => {
    const headers = get('internetMessageHeaders') as InternetHeader[] | undefined
    return headers?.length ? headers.map(({ name, value }) => `${name}: ${value}\r\n`).join('') : undefined
  },
}

const bodyText: MapiAlias = {
  property: { tag: 0x1000, type: 'String' },
  on: ['item'],
  needs: ['textBody'],
  read: (get) => (get('textBody') as Body | undefined)?.value,
  write: (value) => ({ body: value === undefined ? undefined : { type: 'Text', value: String(value) } }),
}

const bodyHtml: MapiAlias = {
  property: { tag: 0x1013, type: 'Binary' },
  on: ['item'],
  needs: ['body'],
  read: (get) => {
    const body = get('body') as Body | undefined
    return body?.type === 'HTML' ? Buffer.from(body.value, 'utf8').toString('base64') : undefined
  },
  write: (value) => ({
    body: value === undefined ? undefined : { type: 'HTML', value: Buffer.from(String(value), 'base64').toString('utf8') },
  }),
}

/** `urn:schemas:calendar:instancetype`: 0 a single appointment, 1 the master of a series, 2 an occurrence, 3 an exception (interop 3.5). */
const instanceType: MapiAlias = {
  property: { set: propertySets.PublicStrings, name: 'urn:schemas:calendar:instancetype', type: 'Integer' },
  on: ['calendar'],
  needs: ['calendarItemType'],
  read: (get) => {
    const at = ['Single', 'RecurringMaster', 'Occurrence', 'Exception'].indexOf(String(get('calendarItemType')))
    return at < 0 ? 0 : at
  },
}

/** Reads one pseudo-property of items. */
function plain(tag: number, type: 'Integer' | 'String' | 'Long', name: string): MapiAlias {
  return {
    property: { tag, type },
    on: ['item'],
    needs: [name],
    read: (get) => {
      const value = get(name)
      return typeof value === 'string' || typeof value === 'number' ? value : undefined
    },
  }
}

const bccNames: MapiAlias = {
  property: { tag: 0x0e02, type: 'String' },
  on: ['message'],
  needs: ['bccRecipients'],
  read: (get) => ((get('bccRecipients') as EmailAddress[] | undefined) ?? []).map((one) => one.name || one.address || '').join('; '),
}

/** Special MAPI views on messages and on items of every kind. */
export const messageAliases: readonly MapiAlias[] = [
  messageFlags,
  flagStatus,
  flagTime({ tag: 0x1091, type: 'SystemTime' }, 'complete'),
  flagTime({ set: propertySets.Task, id: 0x8104, type: 'SystemTime' }, 'start'),
  flagTime({ set: propertySets.Task, id: 0x8105, type: 'SystemTime' }, 'due'),
  personPart(0x0c1a, 'sender', 'name'),
  personPart(0x0c1f, 'sender', 'address'),
  personPart(0x0c1e, 'sender', 'routingType'),
  personPart(0x5d01, 'sender', 'address'),
  personPart(0x0042, 'from', 'name'),
  personPart(0x0065, 'from', 'address'),
  personPart(0x0064, 'from', 'routingType'),
  personPart(0x5d02, 'from', 'address'),
  personPart(0x0040, 'receivedBy', 'name'),
  personPart(0x0076, 'receivedBy', 'address'),
  personPart(0x0075, 'receivedBy', 'routingType'),
  personPart(0x0044, 'receivedRepresenting', 'name'),
  personPart(0x0078, 'receivedRepresenting', 'address'),
  personPart(0x0077, 'receivedRepresenting', 'routingType'),
  transportHeaders,
  bodyText,
  bodyHtml,
  instanceType,
  bccNames,
  plain(0x0e23, 'Integer', '$id'),
  plain(0x0e1d, 'String', '$normalisedSubject'),
  plain(0x3fd9, 'String', 'preview'),
]

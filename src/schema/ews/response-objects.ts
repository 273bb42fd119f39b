import { Refusal, type Body, type Instant, type Properties } from '#model'
import { optional, string, bool, dateTime, oneOf, type Codec } from '../kernel/index.ts'
import { BodyElement, HeadersElement } from './body.ts'
import { ItemId } from './ids.ts'
import type { EwsAttachment, EwsItem } from './item.ts'
import { Attachments, elementOfItem, itemElements } from './items.ts'
import { t } from './namespaces.ts'
import { OnePerson, People } from './people.ts'
import { responseObjectNames, type ResponseObjectName } from './response-object-names.ts'

/**
 * What a client makes of an item it has ([MS-OXWSCDATA] 2.2.4.66 ResponseObjectType): an answer, a forward, an acceptance.
 * `properties` holds what the client wrote of the new item, by dictionary name.
 */
export interface EwsResponse {
  response: ResponseObjectName
  referenceItemId?: ItemId
  properties: Properties
  attachments?: EwsAttachment[]
  /** Goes above the quoted original, where `properties.body` replaces everything. */
  newBody?: Body
  proposedStart?: Instant
  proposedEnd?: Instant
  refusal?: Refusal
}

/** Members that are properties, by dictionary name. */
const members = {
  itemClass: 'ItemClass',
  subject: 'Subject',
  sensitivity: 'Sensitivity',
  body: 'Body',
  internetMessageHeaders: 'InternetMessageHeaders',
  sender: 'Sender',
  toRecipients: 'ToRecipients',
  ccRecipients: 'CcRecipients',
  bccRecipients: 'BccRecipients',
  isReadReceiptRequested: 'IsReadReceiptRequested',
  isDeliveryReceiptRequested: 'IsDeliveryReceiptRequested',
  from: 'From',
} as const

/** All that some response object may have, in the schema's order. */
const Response = t.record({
  ItemClass: optional(string),
  Subject: optional(string),
  Sensitivity: optional(oneOf('Normal', 'Personal', 'Private', 'Confidential')),
  Body: optional(BodyElement),
  Attachments: optional(Attachments),
  InternetMessageHeaders: optional(HeadersElement),
  Sender: optional(OnePerson),
  ToRecipients: optional(People),
  CcRecipients: optional(People),
  BccRecipients: optional(People),
  IsReadReceiptRequested: optional(bool),
  IsDeliveryReceiptRequested: optional(bool),
  From: optional(OnePerson),
  ReferenceItemId: optional(ItemId),
  NewBodyContent: optional(BodyElement),
  ProposedStart: optional(dateTime),
  ProposedEnd: optional(dateTime),
})

function responseCodec(response: ResponseObjectName): Codec<EwsResponse> {
  return {
    shape: { is: 'own', name: `response ${response}` },
    read: (element, context) => {
      const from = Response.read(element, context)
      const value: EwsResponse = { response, properties: {} }
      for (const [name, member] of Object.entries(members)) {
        const given = from[member]
        if (given !== undefined) value.properties[name] = given
      }
      if (from.ReferenceItemId) value.referenceItemId = from.ReferenceItemId
      if (from.Attachments) value.attachments = from.Attachments
      if (from.NewBodyContent) value.newBody = from.NewBodyContent
      if (from.ProposedStart !== undefined) value.proposedStart = from.ProposedStart
      if (from.ProposedEnd !== undefined) value.proposedEnd = from.ProposedEnd
      return value
    },
    write: (tag, value, context) => {
      const to = {
        ...Object.fromEntries(Object.entries(members).map(([name, member]) => [member, value.properties[name]])),
        Attachments: value.attachments?.length ? value.attachments : undefined,
        ReferenceItemId: value.referenceItemId,
        NewBodyContent: value.newBody,
        ProposedStart: value.proposedStart,
        ProposedEnd: value.proposedEnd,
      }
      return Response.write(tag, to, context)
    },
  }
}

/** `<m:Items>` of CreateItem: items and response objects ([MS-OXWSCDATA] 2.2.4.39 NonEmptyArrayOfAllItemsType). */
export type EwsNewItem = EwsItem | EwsResponse
export const NewItems: Codec<EwsNewItem[]> = t.someNamed<EwsNewItem>(
  {
    ...(itemElements as Record<string, Codec<EwsNewItem>>),
    ...(Object.fromEntries(responseObjectNames.map((name) => [name, responseCodec(name)])) as Record<string, Codec<EwsNewItem>>),
  },
  (item) => ('response' in item ? item.response : elementOfItem(item)),
)

import type { Refusal } from '#model'
import { elementsOf, escapeAttribute, escapeText, textOf } from '#wire'
import {
  attribute, emptyRecord, int, oneOf, optional, string,
  type Codec, type Field, type Fields, type RecordValue,
} from '../kernel/index.ts' // prettier-ignore
import { m } from './namespaces.ts'
import { pathElements, pathFromXml, pathToXml, type EwsPath } from './paths.ts'
import { isResponseCode, responseCodes, type ResponseCode } from './response-codes.ts'

/** What is to be known of a refusal beyond its code: named values (`BackOffMilliseconds`), and the properties it is about. */
export interface MessageXml {
  values?: Readonly<Record<string, string>>
  paths?: readonly EwsPath[]
}

/** What every answer says of itself ([MS-OXWSCDATA] 2.2.4.67 ResponseMessageType). */
export interface Outcome {
  ResponseClass: 'Success' | 'Warning' | 'Error'
  MessageText?: string
  ResponseCode?: ResponseCode
  DescriptiveLinkKey?: number
  MessageXml?: MessageXml
}
export type Success<P> = Outcome & { ResponseClass: 'Success' | 'Warning' } & P
export type Failure<P> = Outcome & { ResponseClass: 'Error' } & Partial<P>
export type ResponseMessage<P> = Success<P> | Failure<P>

const MessageXmlElement: Codec<MessageXml> = {
  shape: { is: 'own', name: 'messageXml' },
  read: (element) => {
    const children = elementsOf(element)
    const values = children.filter(({ name }) => name === 'Value').map((child) => [child.attributes.Name ?? '', textOf(child)])
    const paths = children.filter(({ name }) => pathElements.has(name)).map(pathFromXml)
    return { ...(values.length && { values: Object.fromEntries(values) }), ...(paths.length && { paths }) }
  },
  write: (tag, { values = {}, paths = [] }) => {
    const named = Object.entries(values).map(([name, value]) => `<t:Value Name="${escapeAttribute(name)}">${escapeText(value)}</t:Value>`)
    return `<${tag}>${paths.map(pathToXml).join('')}${named.join('')}</${tag}>`
  },
}

const outcomeFields = {
  ResponseClass: attribute(oneOf('Success', 'Warning', 'Error')),
  MessageText: optional(string),
  ResponseCode: optional(oneOf(...responseCodes)),
  DescriptiveLinkKey: optional(int),
  MessageXml: optional(MessageXmlElement),
}

/** One answer with its payload. Of an error, what the schema wants all the same is written empty (`<m:Items/>`). */
export function responseMessage<const P extends Fields>(payload: P): Codec<ResponseMessage<RecordValue<P>>> {
  const optionalPayload = Object.fromEntries(Object.entries(payload).map(([key, of]) => [key, optional(of as Field<unknown>)]))
  const strict = m.record({ ...outcomeFields, ...payload })
  const lenient = m.record({ ...outcomeFields, ...optionalPayload })
  const { fields } = m.record(payload).shape as { fields: Readonly<Record<string, Field<unknown>>> }
  let empties: Record<string, unknown> | undefined
  return {
    shape: { is: 'record', fields: (strict.shape as { fields: Readonly<Record<string, Field<unknown>>> }).fields },
    read: (element, context) => {
      const codec = element.attributes.ResponseClass === 'Error' ? lenient : strict
      return codec.read(element, context) as unknown as ResponseMessage<RecordValue<P>>
    },
    write: (tag, value, context) => {
      if (value.ResponseClass !== 'Error') return strict.write(tag, value as never, context)
      empties ??= emptyRecord(fields)
      return strict.write(tag, { ...empties, ...value } as never, context)
    },
  }
}

/** A payload as a successful answer. */
export function success<P extends object>(payload: P): Success<P> {
  return { ResponseClass: 'Success', ResponseCode: 'NoError', ...payload }
}

/** A refusal as an answer, its code the EWS one where there is one, else the one given; of a busy server with when to try again. */
export function failure(
  refusal: Pick<Refusal, 'code' | 'message'> & Partial<Pick<Refusal, 'detail'>>,
  otherwise: ResponseCode = 'ErrorInternalServerError',
): Failure<object> {
  const code = `Error${refusal.code}`
  const backOff = refusal.detail?.backOff
  return {
    ResponseClass: 'Error',
    MessageText: refusal.message,
    ResponseCode: isResponseCode(code) ? code : otherwise,
    DescriptiveLinkKey: 0,
    ...(backOff === undefined ? {} : { MessageXml: { values: { BackOffMilliseconds: String(backOff) } } }),
  }
}

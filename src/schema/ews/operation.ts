import type { Codec, Fields, Operation, RecordValue } from '../kernel/index.ts'
import { m } from './namespaces.ts'
import { responseMessage, type Failure, type ResponseMessage } from './response-message.ts'

/** An EWS operation: the kernel's pair of messages, and how a refusal of the whole request looks in its own answer. */
export interface EwsOperation<Q = unknown, R = unknown> extends Operation<Q, R> {
  /** The element of the request, and of the response, in the messages namespace. */
  readonly requestElement: string
  readonly responseElement: string
  /** The answer when nothing of the request could be done. */
  refused(failure: Failure<object>): R
}

/** One message per thing asked for: `<m:ResponseMessages><m:GetItemResponseMessage …>`. The response's value is their list. */
export function batch<const Q extends Fields, const P extends Fields>(
  name: string,
  spec: string,
  { request, message, messageElement = `${name}ResponseMessage` }: { request: Q; message: P; messageElement?: string },
): EwsOperation<RecordValue<Q>, ResponseMessage<RecordValue<P>>[]> {
  const messages = m.nonEmptyList(messageElement, responseMessage(message))
  const Response = m.record({ ResponseMessages: messages })
  return {
    name,
    spec,
    requestElement: name,
    responseElement: `${name}Response`,
    request: m.record(request),
    response: {
      shape: messages.shape,
      read: (element, context) => Response.read(element, context).ResponseMessages,
      write: (tag, value, context) => Response.write(tag, { ResponseMessages: value }, context),
    },
    refused: (failure) => [failure as ResponseMessage<RecordValue<P>>],
  }
}

/** One answer, the response element itself: `<m:GetRoomsResponse ResponseClass="Success">`. */
export function single<const Q extends Fields, const P extends Fields>(
  name: string,
  spec: string,
  { request, message, responseElement = `${name}Response` }: { request: Q; message: P; responseElement?: string },
): EwsOperation<RecordValue<Q>, ResponseMessage<RecordValue<P>>> {
  return {
    name,
    spec,
    requestElement: name,
    responseElement,
    request: m.record(request),
    response: responseMessage(message),
    refused: (failure) => failure as ResponseMessage<RecordValue<P>>,
  }
}

/** An operation whose messages follow neither form. */
export function own<Q, R>(
  name: string,
  spec: string,
  messages: { requestElement?: string; request: Codec<Q>; response: Codec<R>; refused: (failure: Failure<object>) => NoInfer<R> },
): EwsOperation<Q, R> {
  return { name, spec, requestElement: name, responseElement: `${name}Response`, ...messages }
}

/** An operation known by name alone: its request is kept unread, its answer can only be a refusal or an empty success. */
export function bareOperation(name: string, request: Codec<unknown>): EwsOperation<unknown, ResponseMessage<object>> {
  return {
    name,
    spec: '[MS-OXWSCDATA] 2.2.4.67',
    requestElement: name,
    responseElement: `${name}Response`,
    request,
    response: responseMessage({}),
    refused: (failure) => failure,
  }
}

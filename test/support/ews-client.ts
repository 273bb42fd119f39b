/** An EWS client for tests: it writes with the tables the server reads with, and holds every answer against the XSD. */
import assert from 'node:assert/strict'
import { utc } from '#model'
import { readEnvelope, utcMilliseconds, writeRequest, type EwsOperation, type RequestHeaders } from '#schema'
import { readXml, type XmlElement } from '#wire'
import { validateEws } from './ews-schema.ts'
import type { CallAnswer, TestSite } from './site.ts'

export interface EwsClient {
  /** One operation, its answer decoded. HTTP other than 200, or an answer the schema does not allow, fails the test. */
  call<Q, R>(operation: EwsOperation<Q, R>, request: Q, headers?: RequestHeaders): Promise<R>
  /** The operation element as text; the answer's body element, whatever it is, with the raw answer. */
  post(operation: string, headers?: RequestHeaders): Promise<{ answer: CallAnswer; body: XmlElement }>
}

const context = { local: (text: string) => utc.toInstant(Date.parse(`${text}Z`)), unknownElements: 'refuse' as const }

/** Fails the test when the envelope's body does not fit the schema. */
export function assertValid(xml: string): void {
  const wrong = validateEws(xml)
  assert.deepEqual(wrong, [], `the answer does not fit the schema: ${wrong.join('; ')}\n${xml.slice(0, 4000)}`)
}

/** Calls as a program that holds an app password of one of the site's people: what administers takes no password alone. */
export async function appClient(site: TestSite, alias: string): Promise<EwsClient> {
  const person = site.people[alias]
  assert.ok(person)
  const { password } = await site.signIn.appPasswords.create(person, 'a program')
  return ewsClient({ call: (path, options) => site.call(path, { ...options, password }) }, alias)
}

/** Calls as one of the site's people. */
export function ewsClient(
  site: Pick<TestSite, 'call'>,
  user = 'mary',
  usual: RequestHeaders = { requestServerVersion: 'Exchange2016' },
): EwsClient {
  const post: EwsClient['post'] = async (operation, headers = {}) => {
    const answer = await site.call('/EWS/Exchange.asmx', {
      method: 'POST',
      user,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: writeRequest(operation, { ...usual, ...headers }),
    })
    assertValid(answer.body)
    return { answer, body: readEnvelope(readXml(answer.body)).body }
  }
  return {
    post,
    async call(operation, request, headers) {
      const xml = operation.request.write(`m:${operation.requestElement}`, request, { dateTime: utcMilliseconds })
      const { answer, body } = await post(xml, headers)
      assert.equal(answer.status, 200, answer.body)
      assert.equal(body.name, operation.responseElement)
      return operation.response.read(body, context)
    },
  }
}

/** The one message of an answer, which must be a success. */
export function only<M extends { ResponseClass: string; ResponseCode?: string; MessageText?: string }>(
  messages: readonly M[],
): Extract<M, { ResponseClass: 'Success' | 'Warning' }> {
  assert.equal(messages.length, 1)
  const [message] = messages
  assert.ok(message)
  assert.notEqual(message.ResponseClass, 'Error', `${message.ResponseCode}: ${message.MessageText}`)
  return message as Extract<M, { ResponseClass: 'Success' | 'Warning' }>
}

/** The response codes of an answer. */
export function codes(messages: readonly { ResponseCode?: string }[]): string[] {
  return messages.map(({ ResponseCode }) => ResponseCode ?? '')
}

/** Waits until something is so in a person's mailbox, asking again after each of its changes; at most ten seconds. */
export async function until(site: TestSite, alias: string, holds: () => Promise<boolean>): Promise<void> {
  const mailbox = site.people[alias]?.mailbox
  assert.ok(mailbox, `${alias} has a mailbox`)
  for await (const _ of site.mailboxes.watch(mailbox, AbortSignal.timeout(10_000))) if (await holds()) return
  assert.fail(`what ${alias} waited for did not come`)
}

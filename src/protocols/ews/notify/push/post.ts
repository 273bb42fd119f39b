import { RemoteFailure, type RemoteHttp } from '#hybrid'
import { Refusal } from '#model'
import { messagesUri, readEnvelope, SendNotification, success, utcSeconds, writeRequest } from '#schema'
import { readXml } from '#wire'
import type { NotificationElement } from '../notification.ts'

/** What became of a notification: taken, no more wanted, unknown as the server stops, or not arrived (`never`: nor will another). */
export type Posted = { outcome: 'ok' | 'unsubscribe' | 'interrupted' } | { outcome: 'failed'; why: string; never: boolean }

export interface PostNeeds {
  http: Pick<RemoteHttp, 'send'>
  /** Aborted when the server cannot wait any more. */
  ending: () => AbortSignal
}

/** How long a receiver has to answer. */
const patience = 10_000

/**
 * Sends a notification to where the subscription says and reads the answer ([MS-OXWSNTIF] 3.1.4.3). Redirects are not followed: an answer other
 * than 200 with a SendNotificationResult has not arrived.
 */
export async function postNotification({ http, ending }: PostNeeds, url: string, notification: NotificationElement): Promise<Posted> {
  const message = success({ Notification: notification })
  const body = SendNotification.request.write('m:SendNotification', { ResponseMessages: [message] }, { dateTime: utcSeconds })
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${messagesUri}/SendNotification"` }
  const request = {
    url,
    headers,
    body: writeRequest(body, { requestServerVersion: 'Exchange2013' }),
    signal: AbortSignal.any([AbortSignal.timeout(patience), ending()]),
  }
  try {
    const answer = await http.send(request)
    if (answer.status !== 200) return { outcome: 'failed', why: `it answered HTTP ${answer.status}`, never: false }
    return { outcome: statusOf(answer.body) === 'Unsubscribe' ? 'unsubscribe' : 'ok' }
  } catch (error) {
    if (ending().aborted) return { outcome: 'interrupted' }
    if (error instanceof RemoteFailure) return { outcome: 'failed', why: error.message, never: error.cause === 'notAllowed' }
    if (error instanceof Refusal) return { outcome: 'failed', why: 'its answer is no SendNotificationResult', never: false }
    throw error
  }
}

function statusOf(body: Buffer): 'OK' | 'Unsubscribe' {
  const element = readEnvelope(readXml(body)).body
  if (element.name !== SendNotification.responseElement) throw new Refusal('InvalidRequest', 'The answer is another.')
  return SendNotification.response.read(element, { local: Date.parse, unknownElements: 'skip' }).SubscriptionStatus
}

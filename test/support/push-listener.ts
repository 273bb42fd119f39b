/** A program that push subscriptions of a site are told to, at `listener.fabrikam.com`. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { Destination } from '#hybrid'
import { SendNotification, readEnvelope, type Infer } from '#schema'
import { readXml } from '#wire'
import { startStranger, type StrangeAnswer, type StrangeRequest } from '../hybrid/stranger.ts'
import { validateEws } from './ews-schema.ts'
import type { startTestSite } from './site.ts'

export type Notification = NonNullable<Infer<typeof SendNotification.request>['ResponseMessages'][number]['Notification']>
const soap = (body: string) => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
/** Its answer: `OK` or `Unsubscribe`. */
export const said = (status: string): StrangeAnswer => ({
  body: soap(`<SendNotificationResult xmlns="http://schemas.microsoft.com/exchange/services/2006/messages"><SubscriptionStatus>${status}</SubscriptionStatus></SendNotificationResult>`), // prettier-ignore
})

const local = Date.parse
function read(request: StrangeRequest): Notification {
  assert.deepEqual(validateEws(request.body), [])
  assert.match(request.headers['soapaction'] as string, /SendNotification/)
  const [message] = SendNotification.request.read(readEnvelope(readXml(Buffer.from(request.body))).body, { local }).ResponseMessages
  assert.ok(message?.Notification)
  return message.Notification
}

/** Starts it. `options` make a site that trusts it and may call it; every other name leads into a private network. */
export async function startPushListener() {
  const zone = new Map<string, Destination>()
  const authorities: string[] = []
  const listener = await startStranger({ zone, authorities }, 'listener.fabrikam.com')
  const heard = new EventEmitter()
  const notifications: Notification[] = []
  const answers: (StrangeAnswer | undefined)[] = []
  listener.answer = (request) => {
    notifications.push(read(request))
    queueMicrotask(() => heard.emit('one'))
    return answers.length > 0 ? answers.shift() : said('OK')
  }
  /** The next that comes in which the test finds what it looks for. */
  const next = async (wanted: (notification: Notification) => boolean): Promise<Notification> => {
    for (let seen = 0; ;) {
      for (; seen < notifications.length; seen++) if (wanted(notifications[seen]!)) return notifications.splice(0, seen + 1)[seen]!
      await once(heard, 'one', { signal: AbortSignal.timeout(20_000) })
    }
  }
  const options = ({ config = {}, clock = Date.now } = {}): Parameters<typeof startTestSite>[0] & object => ({
    config: { push: { allow: ['listener.fabrikam.com'] }, ...config },
    outside: { clock, authorities: () => authorities, findHost: async (host: string) => [zone.get(host) ?? { address: '10.0.0.1' }] },
  })
  return { options, notifications, next, answers, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
}

/** Subscriptions to Mary's drafts while the server is killed: one that pulls from its watermark on, one that listens to a stream. */
import assert from 'node:assert/strict'
import { request } from 'node:https'
import { codesOf, envelope, succeeded, textsOf, type RawEws } from '../clients/raw-ews.ts'

/** What a watcher was told: ids of created items, and how often. */
export interface Watched {
  pulled: Map<string, number>
  streamed: Set<string>
  /** Where the next subscription begins: what was told up to here is known. */
  watermark?: string
}

const events = '<t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes>'
const drafts = '<t:FolderIds><t:DistinguishedFolderId Id="drafts"/></t:FolderIds>'
const created = (answer: string) =>
  [...answer.matchAll(/<t:CreatedEvent>.*?<\/t:CreatedEvent>/gs)].flatMap(([event]) => /<t:ItemId Id="([^"]+)"/.exec(event)?.[1] ?? [])

/** Subscribes from where the last subscription ended, or from now on; gives its id. */
export async function beginWatch(ews: RawEws, watched: Watched): Promise<string> {
  const from = watched.watermark ? `<t:Watermark>${watched.watermark}</t:Watermark>` : ''
  const answer = succeeded(await ews.call(`<m:Subscribe><m:PullSubscriptionRequest>${drafts}${events}${from}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`)) // prettier-ignore
  watched.watermark ??= textsOf(answer, 'm:Watermark')[0] ?? ''
  return textsOf(answer, 'm:SubscriptionId')[0] ?? ''
}

/** Asks once for what happened since; true when there may be more. */
async function pullOnce(ews: RawEws, subscription: string, watched: Watched): Promise<boolean> {
  const answer = succeeded(await ews.call(`<m:GetEvents><m:SubscriptionId>${subscription}</m:SubscriptionId><m:Watermark>${watched.watermark}</m:Watermark></m:GetEvents>`)) // prettier-ignore
  for (const id of created(answer)) watched.pulled.set(id, (watched.pulled.get(id) ?? 0) + 1)
  watched.watermark = textsOf(answer, 't:Watermark').at(-1) ?? watched.watermark ?? ''
  return /<t:MoreEvents>true/.test(answer)
}

/** Subscribes from where the last one ended, and pulls until the connection breaks. */
export async function pullLoad(ews: RawEws, watched: Watched): Promise<void> {
  const subscription = await beginWatch(ews, watched)
  for (;;) await pullOnce(ews, subscription, watched)
}

/** Listens to a stream until the connection breaks. */
export async function streamLoad(ews: RawEws, at: { url: string; ca: string; authorization: string }, watched: Watched): Promise<void> {
  const answer = succeeded(
    await ews.call(`<m:Subscribe><m:StreamingSubscriptionRequest>${drafts}${events}</m:StreamingSubscriptionRequest></m:Subscribe>`),
  )
  const id = textsOf(answer, 'm:SubscriptionId')[0] ?? ''
  const body = `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${id}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>30</m:ConnectionTimeout></m:GetStreamingEvents>`
  const { url, ca, authorization } = at
  const ended = Promise.withResolvers<void>()
  const asking = request(
    url,
    { method: 'POST', ca, agent: false, headers: { authorization, 'content-type': 'text/xml; charset=utf-8' } },
    (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        for (const item of created(text)) watched.streamed.add(item)
        text = text.slice(text.lastIndexOf('</Envelope>') + 1)
      })
      response.on('close', () => ended.reject(new Error('the stream was closed')))
    },
  )
  asking.on('error', ended.reject)
  asking.end(envelope(body))
  await ended.promise
}

/** In the end: of every item that is there and was made under the watch the subscription told, each once; the streams were not silent. */
export async function toldOnce(ews: RawEws, watched: Watched, ids: Iterable<string>): Promise<void> {
  const subscription = await beginWatch(ews, watched)
  while (await pullOnce(ews, subscription, watched));
  assert.deepEqual([...ids].filter((id) => !watched.pulled.has(id)), [], 'never told') // prettier-ignore
  assert.deepEqual([...watched.pulled].filter(([, count]) => count > 1), [], 'told twice') // prettier-ignore
  assert.ok(watched.streamed.size > 0, 'the streams told something')
  assert.deepEqual(codesOf(await ews.call(`<m:Unsubscribe><m:SubscriptionId>${subscription}</m:SubscriptionId></m:Unsubscribe>`)), ['NoError']) // prettier-ignore
}

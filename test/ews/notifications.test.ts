import assert from 'node:assert/strict'
import { request as httpsRequest } from 'node:https'
import { test } from 'node:test'
import {
  CreateFolder, CreateItem, GetEvents, GetStreamingEvents, Subscribe, Unsubscribe, readEnvelope, utcSeconds, writeRequest,
  type Infer, type Notification, type RequestHeaders,
} from '#schema' // prettier-ignore
import { readXml } from '#wire'
import type { Recipient } from '#directory'
import { engines, quickEngines } from '../support/engines.ts'
import { assertValid, codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { dial } from '../mail/smtp-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const inbox = { is: 'DistinguishedFolderId', value: { Id: 'inbox' } } as const
const EventTypes: ('CreatedEvent' | 'NewMailEvent' | 'ModifiedEvent' | 'DeletedEvent' | 'MovedEvent')[] = ['CreatedEvent', 'NewMailEvent', 'DeletedEvent', 'MovedEvent'] // prettier-ignore
type Told = Infer<typeof Notification>

const make = (client: EwsClient) =>
  client.call(CreateItem, {
    MessageDisposition: 'SaveOnly',
    SavedItemFolderId: { Folder: inbox },
    Items: [{ kind: 'message', properties: { subject: 'news' } }],
  })

async function subscribeTo(client: EwsClient, is: 'PullSubscriptionRequest' | 'StreamingSubscriptionRequest') {
  const value = { FolderIds: [inbox], EventTypes, ...(is === 'PullSubscriptionRequest' ? { Timeout: 10 } : {}) }
  const { SubscriptionId = '', Watermark = '' } = only(await client.call(Subscribe, { Subscription: { is, value: value as never } }))
  return { SubscriptionId, Watermark }
}

/** Opens a stream; `next` gives its pieces one by one, each held against the schema. */
function open(site: TestSite, ids: string[], user = 'mary', headers: RequestHeaders = {}): { next(): Promise<string>; close(): void } {
  const operation = GetStreamingEvents.request.write(
    'm:GetStreamingEvents',
    { SubscriptionIds: ids, ConnectionTimeout: 1 },
    { dateTime: utcSeconds },
  )
  const pieces: string[] = []
  let waiting: (() => void) | undefined
  let rest = ''
  const request = httpsRequest(site.ewsUrl, {
    method: 'POST',
    ca: site.ca,
    servername: 'localhost',
    headers: {
      'content-type': 'text/xml',
      authorization: `Basic ${Buffer.from(`${user}@contoso.com:${site.password}`).toString('base64')}`,
    },
  })
  request.on('response', (response) =>
    response.setEncoding('utf8').on('data', (text: string) => {
      rest += text
      for (let end = rest.indexOf('</Envelope>'); end >= 0; end = rest.indexOf('</Envelope>')) {
        pieces.push(rest.slice(0, end + 11))
        rest = rest.slice(end + 11)
      }
      waiting?.()
    }),
  )
  request.on('error', () => waiting?.())
  request.end(writeRequest(operation, headers))
  return {
    async next() {
      while (pieces.length === 0) await new Promise<void>((resolve) => (waiting = resolve))
      const piece = pieces.shift() ?? ''
      assert.match(piece, /^<Envelope xmlns="/, 'interop 3.8')
      assertValid(piece)
      return piece
    },
    close: () => request.destroy(),
  }
}
function messages(piece: string) {
  return GetStreamingEvents.response.read(readEnvelope(readXml(piece)).body, { local: () => 0 })
}
const kinds = (notification: Told | undefined): string[] => (notification?.Events ?? []).map(({ is }) => is)

for (const engine of quickEngines) {
  test(`events are pulled from a watermark on ([MS-OXWSNTIF] 3.1.4.1, 3.1.4.5, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const { SubscriptionId, Watermark } = await subscribeTo(mary, 'PullSubscriptionRequest')
    const pull = async (from: string) => only(await mary.call(GetEvents, { SubscriptionId, Watermark: from })).Notification
    const quiet = await pull(Watermark)
    assert.deepEqual(kinds(quiet), ['StatusEvent'])
    const [made] = await make(mary)
    const news = await pull(Watermark)
    assert.equal(news?.PreviousWatermark, Watermark)
    const created = news?.Events.find(({ is }) => is === 'CreatedEvent')
    assert.ok(created?.is === 'CreatedEvent')
    assert.ok(made?.ResponseClass === 'Success')
    assert.deepEqual(created.value.Of.value.Id, (made.Items[0]?.properties.itemId as { Id: string }).Id)
    const after = created.value.Watermark ?? ''
    assert.ok(!kinds(await pull(after)).includes('CreatedEvent'))
    assert.deepEqual(codes(await mary.call(GetEvents, { SubscriptionId, Watermark: 'AAAA' })), ['ErrorInvalidWatermark'])
    assert.deepEqual(codes(await ewsClient(site, 'rob').call(GetEvents, { SubscriptionId, Watermark })), ['ErrorSubscriptionAccessDenied'])
    only(await mary.call(Unsubscribe, { SubscriptionId }))
    assert.deepEqual(codes(await mary.call(GetEvents, { SubscriptionId, Watermark })), ['ErrorSubscriptionNotFound'])
    assert.deepEqual(codes(await mary.call(Unsubscribe, { SubscriptionId: 'x' })), ['ErrorInvalidSubscription'])
  })

  test(`events are streamed as they happen, over several subscriptions ([MS-OXWSNTIF] 3.1.4.2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const first = await subscribeTo(mary, 'StreamingSubscriptionRequest')
    const second = await subscribeTo(mary, 'StreamingSubscriptionRequest')
    const stream = open(site, [first.SubscriptionId, second.SubscriptionId])
    assert.equal(messages(await stream.next())[0]?.ConnectionStatus, 'OK')
    await make(mary)
    const told = new Set<string>()
    while (told.size < 2) {
      const [message] = messages(await stream.next())
      const [notification] = message?.Notifications ?? []
      if (kinds(notification).includes('CreatedEvent')) told.add(notification?.SubscriptionId ?? '')
    }
    assert.deepEqual(told, new Set([first.SubscriptionId, second.SubscriptionId]))
    only(await mary.call(Unsubscribe, { SubscriptionId: first.SubscriptionId }))
    await make(mary)
    /** Reads until a subscription is said to be gone and, if asked, the other has told news: in either order. */
    const ended = async (news: boolean) => {
      let gone: ReturnType<typeof messages>[number] | undefined
      for (let heard = !news; !gone || !heard;) {
        const [message] = messages(await stream.next())
        if (message?.ErrorSubscriptionIds) gone = message
        for (const { SubscriptionId } of message?.Notifications ?? []) {
          assert.equal(SubscriptionId, second.SubscriptionId, 'the other goes on')
          heard = true
        }
      }
      return gone
    }
    const { ResponseCode, ErrorSubscriptionIds, ConnectionStatus } = await ended(true)
    assert.deepEqual(
      [ResponseCode, ErrorSubscriptionIds, ConnectionStatus],
      ['ErrorSubscriptionNotFound', [first.SubscriptionId], undefined],
    )
    only(await mary.call(Unsubscribe, { SubscriptionId: second.SubscriptionId }))
    await make(mary)
    const last = await ended(false)
    assert.deepEqual([last.ErrorSubscriptionIds, last.ConnectionStatus], [[second.SubscriptionId], 'Closed'])
    stream.close()
  })
}

test('subscriptions that cannot be are refused by their own code', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const push = {
    is: 'PushSubscriptionRequest' as const,
    value: { FolderIds: [inbox], EventTypes, StatusFrequency: 1, URL: 'http://127.0.0.1/' },
  }
  assert.deepEqual(codes(await mary.call(Subscribe, { Subscription: push })), ['ErrorInvalidPushSubscriptionUrl'])
  const nowhere = { is: 'StreamingSubscriptionRequest' as const, value: { EventTypes } }
  assert.deepEqual(codes(await mary.call(Subscribe, { Subscription: nowhere })), ['ErrorMissingArgument'])
  const everything = { is: 'StreamingSubscriptionRequest' as const, value: { EventTypes, SubscribeToAllFolders: true } }
  const { SubscriptionId = '' } = only(await mary.call(Subscribe, { Subscription: everything }))
  assert.deepEqual(codes(await mary.call(GetEvents, { SubscriptionId, Watermark: 'AAAA' })), ['ErrorInvalidPullSubscriptionId'])
  const stream = open(site, ['nonsense'])
  const [message] = messages(await stream.next())
  assert.equal(message?.ResponseCode, 'ErrorInvalidSubscription')
  assert.deepEqual(message?.ErrorSubscriptionIds, ['nonsense'])
  assert.equal(message?.ConnectionStatus, 'Closed')
  stream.close()
  const folder = { element: 'Folder' as const, properties: { folderDisplayName: 'quiet' } }
  only(await mary.call(CreateFolder, { ParentFolderId: { Folder: inbox }, Folders: [folder] }))
})

test('folders of several mailboxes in one stream, by impersonation all of one, and only as long as they may be read', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [ewsClient(site), ewsClient(site, 'rob')]
  const sales = { is: 'DistinguishedFolderId', value: { Id: 'inbox', Mailbox: { EmailAddress: 'sales@contoso.com' } } } as const
  const streaming = async (client: EwsClient, value: object) => only(await client.call(Subscribe, { Subscription: { is: 'StreamingSubscriptionRequest', value: { EventTypes, ...value } } as never })).SubscriptionId ?? '' // prettier-ignore
  const both = codes(await mary.call(Subscribe, { Subscription: { is: 'StreamingSubscriptionRequest', value: { EventTypes, FolderIds: [inbox, sales] } } as never })) // prettier-ignore
  assert.deepEqual(both, ['ErrorInvalidSubscriptionRequest'], 'one subscription is of one mailbox')
  const [own, theirs] = [await streaming(mary, { FolderIds: [inbox] }), await streaming(mary, { FolderIds: [sales] })]
  const stream = open(site, [own, theirs])
  await stream.next()
  const told = async () => messages(await stream.next())[0]
  const post = (client: EwsClient) => client.call(CreateItem, { MessageDisposition: 'SaveOnly', SavedItemFolderId: { Folder: sales }, Items: [{ kind: 'message', properties: { subject: 'x' } }] }) // prettier-ignore
  only(await post(rob))
  assert.equal((await told())?.Notifications?.[0]?.SubscriptionId, theirs)
  const { id } = site.people.sales!
  await site.directory.update(site.organisation.id, id, { fullAccess: [site.people.rob!.id] })
  only(await post(rob))
  only(await make(mary))
  const after = await told()
  assert.equal(after?.Notifications?.[0]?.SubscriptionId, own, 'of what may not be read any more nothing is told')
  await site.directory.update(site.organisation.id, site.people.mary!.id, { ewsDisabled: true })
  await site.mailboxes.markAllRead(await site.caller('mary'), { mailbox: site.people.mary!.mailbox!, kind: 'inbox' }, false)
  for (let message = await told(); message?.ConnectionStatus !== 'Closed'; message = await told()) assert.ok(message?.Notifications)
  stream.close()

  const admin = ewsClient(site, 'administrator', { impersonate: { by: 'PrimarySmtpAddress', identity: 'rob@contoso.com' } })
  const { SubscriptionId = '', Watermark = '' } = only(await admin.call(Subscribe, { Subscription: { is: 'PullSubscriptionRequest', value: { EventTypes, SubscribeToAllFolders: true, Timeout: 10 } } as never })) // prettier-ignore
  only(await make(rob))
  const news = only(await admin.call(GetEvents, { SubscriptionId, Watermark })).Notification
  assert.ok(kinds(news).includes('CreatedEvent'))
})

for (const engine of quickEngines) {
  test(`a stream ends with the sign-in that opened it (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const news = async (of: string) => {
      await using line = await dial(site.ports.smtp!)
      for (const say of ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${of}@contoso.com>`, 'DATA']) await line.say(say)
      assert.match(await line.send(Buffer.from('Subject: news\r\n\r\nx\r\n')), /^250 /)
    }
    /** Opens a stream of somebody's Inbox as `user`, and gives the code by which it ends after the change. */
    const endOf = async (change: () => Promise<unknown>, of = 'rob', user = of): Promise<string | undefined> => {
      const headers: RequestHeaders = user === of ? {} : { impersonate: { by: 'PrimarySmtpAddress', identity: `${of}@contoso.com` } }
      const client = ewsClient(site, user, headers)
      const { SubscriptionId } = await subscribeTo(client, 'StreamingSubscriptionRequest')
      const stream = open(site, [SubscriptionId], user, headers)
      await stream.next()
      await news(of)
      assert.equal(messages(await stream.next())[0]?.Notifications?.length, 1)
      await change()
      await news(of)
      const [last] = messages(await stream.next())
      stream.close()
      assert.deepEqual([last?.ConnectionStatus, last?.Notifications], ['Closed', undefined])
      return last?.ResponseCode
    }
    const { update } = site.directory
    const change = (alias: string, changes: Partial<Recipient>) => update(site.organisation.id, site.people[alias]!.id, changes)
    assert.equal(await endOf(() => change('rob', { accountDisabled: true })), 'ErrorAccountDisabled')
    await change('rob', { accountDisabled: false })
    assert.equal(await endOf(() => site.directory.setPassword(site.people.rob!, 'Another!2026')), 'ErrorAccessDenied')
    await change('sales', { accountDisabled: true })
    // A shared mailbox has no account: what counts is whoever acts for it, and whether they still may.
    assert.equal(await endOf(() => change('sales', { ewsDisabled: true }), 'sales', 'administrator'), 'ErrorAccessDenied')
  })
}

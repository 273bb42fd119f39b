/** Push subscriptions as ews-javascript-api makes them; what it is told is read here, for the package has no listener. */
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  EmailMessage, EventType, FolderId, MessageBody, StreamingSubscriptionConnection, Uri, WellKnownFolderName,
} from 'ews-javascript-api' // prettier-ignore
import { said, startPushListener, type Notification } from '../support/push-listener.ts'
import { connectEwsJs } from '../clients/ews-js.ts'
import { startPeerSite } from '../clients/peer-site.ts'

test('ews-javascript-api subscribes to push notifications of a folder and of all', async () => {
  await using listener = await startPushListener()
  const site = await startPeerSite(listener.options())
  try {
    const mary = connectEwsJs(site, site.mary)
    const inbox = [new FolderId(WellKnownFolderName.Inbox)]
    const url = (path: string) => new Uri(`https://listener.fabrikam.com/${path}`)
    const one = await mary.SubscribeToPushNotifications(
      inbox,
      url('inbox'),
      1,
      null as unknown as string,
      EventType.NewMail,
      EventType.Created,
    )
    const all = await mary.SubscribeToPushNotificationsOnAllFolders(url('all'), 1, null as unknown as string, EventType.Created)
    assert.ok(one.Id && one.Watermark && all.Id)
    const alive = [await listener.next(() => true), await listener.next(() => true)]
    assert.deepEqual(alive.map(({ SubscriptionId }) => SubscriptionId).toSorted(), [one.Id, all.Id].toSorted())
    const message = new EmailMessage(mary)
    message.Subject = 'Js push'
    message.Body = new MessageBody('x')
    await message.Save(WellKnownFolderName.Drafts)
    const created = (id: string) => (told: Notification) =>
      told.SubscriptionId === id && told.Events.some(({ is }) => is === 'CreatedEvent')
    await listener.next(created(all.Id))
    await message.Move(new FolderId(WellKnownFolderName.Inbox))
    listener.answers.push(said('Unsubscribe'), said('Unsubscribe'))
    const note = new EmailMessage(mary)
    note.Subject = 'Js push 2'
    await note.Save(WellKnownFolderName.Inbox)
    await listener.next(created(one.Id))
  } finally {
    await site.close()
  }
})

test('ews-javascript-api streams several subscriptions over one connection', async () => {
  const site = await startPeerSite()
  try {
    const mary = connectEwsJs(site, site.mary)
    const folder = (name: WellKnownFolderName) => mary.SubscribeToStreamingNotifications([new FolderId(name)], EventType.Created)
    const [drafts, all] = [await folder(WellKnownFolderName.Drafts), await mary.SubscribeToStreamingNotificationsOnAllFolders(EventType.Created)] // prettier-ignore
    const connection = new StreamingSubscriptionConnection(mary, 1)
    for (const subscription of [drafts, all]) connection.AddSubscription(subscription)
    const told = new Set<string>()
    const both = Promise.withResolvers<void>()
    connection.OnNotificationEvent.push((_sender, args) => {
      told.add(args.Subscription.Id)
      if (told.size === 2) both.resolve()
    })
    connection.OnSubscriptionError.push((_sender, args) => both.reject(args.Exception ?? new Error('subscription error')))
    connection.Open().catch(both.reject)
    const message = new EmailMessage(mary)
    message.Subject = 'Js streams'
    await message.Save(WellKnownFolderName.Drafts)
    await both.promise
    assert.deepEqual(told, new Set([drafts.Id, all.Id]))
    connection.Close()
  } finally {
    await site.close()
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StrangeAnswer } from '../hybrid/stranger.ts'
import { idOf, person, text, type Person } from '../requirements/person.ts'
import { run } from '../sent-items/desk.ts'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { said, startPushListener, type Notification } from '../support/push-listener.ts'
import { startTestSite } from '../support/site.ts'

/** A listener, and the site that it hears of. */
async function startPushed(engine?: TestEngine, choices?: { config?: object; clock?: () => number }) {
  const listener = await startPushListener()
  return { ...listener, start: () => startTestSite({ ...(engine ? { engine } : {}), ...listener.options(choices) }) }
}

const inbox = '<t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds>'
const pushXml = ({ folders = inbox, all = '', events = ['NewMailEvent', 'CreatedEvent', 'ModifiedEvent'], frequency = 1, url = 'https://listener.fabrikam.com/heard?x=1', watermark = '' } = {}) =>
  `<m:Subscribe><m:PushSubscriptionRequest${all}>${folders}<t:EventTypes>${events.map((name) => `<t:EventType>${name}</t:EventType>`).join('')}</t:EventTypes>${watermark}` +
  `<t:StatusFrequency>${frequency}</t:StatusFrequency><t:URL>${url}</t:URL><t:CallerData>mine</t:CallerData></m:PushSubscriptionRequest></m:Subscribe>` // prettier-ignore
const subscribed = async (who: Person, options?: Parameters<typeof pushXml>[0]): Promise<{ id: string; watermark: string }> => {
  const answer = await who.done(pushXml(options))
  return { id: text(answer, 'SubscriptionId') ?? '', watermark: text(answer, 'Watermark') ?? '' }
}
const has = (kind: string) => (notification: Notification) => notification.Events.some(({ is }) => is === kind)
const itemOf = (notification: Notification, kind: string): unknown => {
  const event = notification.Events.find(({ is }) => is === kind)
  return (event?.value as { Of?: { value: { Id: string } } }).Of?.value.Id
}
const put = (who: Person, folder = 'inbox') => who.create('<t:Message><t:Subject>news</t:Subject></t:Message>', { folder })
const unsubscribe = (id: string) => `<m:Unsubscribe><m:SubscriptionId>${id}</m:SubscriptionId></m:Unsubscribe>`

for (const engine of quickEngines) {
  test(`what happens is pushed, in order, until the listener has enough (${engine.name}): [MS-OXWSNTIF] 3.1.4.3, 3.1.4.4`, async () => {
    await using pushed = await startPushed(engine)
    await using site = await pushed.start()
    const mary = person(site)
    const { id, watermark } = await subscribed(mary)
    const first = await pushed.next(() => true)
    assert.deepEqual([first.SubscriptionId, first.PreviousWatermark, first.Events.map(({ is }) => is)], [id, watermark, ['StatusEvent']])
    const made = await put(mary)
    const created = await pushed.next(has('CreatedEvent'))
    assert.equal(itemOf(created, 'CreatedEvent'), made.Id)
    assert.equal(created.MoreEvents, false)
    await put(mary, 'drafts')
    const again = await put(mary)
    const later = await pushed.next(has('CreatedEvent'))
    assert.equal(itemOf(later, 'CreatedEvent'), again.Id, 'of other folders nothing is told')
    assert.equal(pushed.notifications.length, 0)
    pushed.answers.push(said('Unsubscribe'))
    await put(mary)
    await pushed.next(has('CreatedEvent'))
    await site.jobs.runDue()
    assert.deepEqual(await mary.codes(unsubscribe(id)), ['ErrorSubscriptionNotFound'], 'the listener ended it')
    const other = await subscribed(mary, { folders: '', all: ' SubscribeToAllFolders="true"' })
    await pushed.next(({ SubscriptionId }) => SubscriptionId === other.id)
    assert.deepEqual(await person(site, 'rob').codes(unsubscribe(other.id)), ['ErrorSubscriptionAccessDenied'])
    assert.deepEqual(await mary.codes(unsubscribe(other.id)), ['NoError'])
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'EwsPushSubscription'), [])
  })

  test(`a subscription outlives its server; nothing is lost between (${engine.name})`, async () => {
    const options = await engine.options()
    const config = { data: options.path!, ...(options.databaseUrl ? { database: options.databaseUrl, databaseSchema: options.databaseSchema! } : {}) } // prettier-ignore
    await using one = await startPushed(undefined, { config })
    let id: string
    {
      await using site = await one.start()
      const mary = person(site)
      id = (await subscribed(mary)).id
      await one.next(() => true)
      await put(mary)
      await one.next(has('CreatedEvent'))
      await site.services.close(['MSExchangeServiceHost'])
      await put(mary, 'inbox')
    }
    await using site = await one.start()
    const news = await one.next(has('CreatedEvent'))
    assert.equal(news.SubscriptionId, id)
    assert.equal(news.Events.filter(({ is }) => is === 'CreatedEvent').length, 1, 'what had arrived is not told again')
    const made = await put(person(site))
    assert.equal(itemOf(await one.next(has('CreatedEvent')), 'CreatedEvent'), made.Id)
  })
}

test('what does not arrive is sent again after half a minute, one, two, until the time is over: [MS-OXWSNTIF] 2.2.4.20 StatusFrequency', async () => {
  let now = Date.now()
  await using pushed = await startPushed(undefined, { clock: () => now })
  await using site = await pushed.start()
  const mary = person(site)
  const { id } = await subscribed(mary, { frequency: 2 })
  await pushed.next(has('StatusEvent'))
  await site.jobs.runDue()
  const failing = { status: 503 }
  const moved: StrangeAnswer = { status: 302, headers: { location: 'https://listener.fabrikam.com/elsewhere' } }
  pushed.answers.push(failing, { body: 'nonsense' }, moved)
  const made = await put(mary)
  assert.equal(itemOf(await pushed.next(has('CreatedEvent')), 'CreatedEvent'), made.Id)
  await site.jobs.runDue()
  await put(mary)
  await site.jobs.runDue()
  assert.equal(pushed.notifications.length, 0, 'news do not hurry a listener in trouble')
  now += 30_000
  await site.jobs.runDue()
  assert.equal(pushed.notifications.length, 1)
  assert.equal(itemOf(await pushed.next(has('CreatedEvent')), 'CreatedEvent'), made.Id, 'the same from the same place on')
  now += 59_000
  await site.jobs.runDue()
  assert.equal(pushed.notifications.length, 0)
  now += 1_000
  await site.jobs.runDue()
  assert.equal(pushed.notifications.length, 1, 'a redirect is not followed and has not arrived')
  now += 30_000
  assert.equal((await site.jobs.list(site.organisation.id, 'EwsPushSubscription')).length, 0, 'the next attempt would be too late')
  assert.deepEqual(await mary.codes(unsubscribe(id)), ['ErrorSubscriptionNotFound'])
})

test('quiet mailboxes give a sign of life every StatusFrequency: [MS-OXWSNTIF] 2.2.4.20', async () => {
  let now = Date.now()
  await using pushed = await startPushed(undefined, { clock: () => now })
  await using site = await pushed.start()
  await subscribed(person(site), { frequency: 5 })
  await pushed.next(has('StatusEvent'))
  await site.jobs.runDue()
  now += 299_000
  await site.jobs.runDue()
  assert.equal(pushed.notifications.length, 0)
  now += 1_000
  await site.jobs.runDue()
  assert.deepEqual(pushed.notifications.map(({ Events }) => Events.map(({ is }) => is)), [['StatusEvent']]) // prettier-ignore
})

test('nothing is pushed into the own network, over plain HTTP, or of what may not be read any more', async () => {
  let now = Date.now()
  await using pushed = await startPushed(undefined, { clock: () => now, config: { partners: { allow: ['mail.partner.example'] } } })
  await using site = await pushed.start()
  const [mary, rob] = [person(site), person(site, 'rob')]
  for (const url of [
    'http://listener.fabrikam.com/',
    'https://u:p@listener.fabrikam.com/',
    'ftp://x/',
    'nonsense',
    '',
    `https://x/${'a'.repeat(2000)}`,
  ]) {
    assert.deepEqual(await mary.codes(pushXml({ url })), ['ErrorInvalidPushSubscriptionUrl'], url)
  }
  for (const url of [
    'https://127.0.0.1/',
    'https://inside.contoso.com/',
    'https://[::1]/',
    'https://169.254.169.254/latest',
    'https://mail.partner.example/',
  ]) {
    await subscribed(mary, { url })
    await site.jobs.runDue()
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'EwsPushSubscription'), [], `${url} is given up at once`)
  }
  const folder = idOf(await mary.getFolder('inbox'), 'FolderId')
  const permit = (level: string) =>
    mary.updateFolderXml(
      'inbox',
      `<t:SetFolderField><t:FieldURI FieldURI="folder:PermissionSet"/><t:Folder><t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>${level}</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet></t:Folder></t:SetFolderField>`,
    )
  assert.deepEqual(await mary.codes(permit('Reviewer')), ['NoError'])
  const mine = { folders: `<t:FolderIds><t:FolderId Id="${folder.Id}"/></t:FolderIds>` }
  await subscribed(rob, mine)
  await pushed.next(has('StatusEvent'))
  await put(mary)
  await pushed.next(has('CreatedEvent'))
  assert.deepEqual(await mary.codes(permit('None')), ['NoError'])
  await put(mary)
  await site.jobs.runDue()
  assert.deepEqual(pushed.notifications.filter(has('CreatedEvent')), [], 'the rights are looked at each time')
  await site.directory.update(site.organisation.id, site.people.rob!.id, { ewsDisabled: true })
  now += 60_000
  await site.jobs.runDue()
  assert.deepEqual(await site.jobs.list(site.organisation.id, 'EwsPushSubscription'), [], 'nor for whom EWS is switched off')
})

test('a listener that never answers does not hold up the end of the server', { timeout: 15_000 }, async () => {
  await using pushed = await startPushed()
  await using site = await pushed.start()
  pushed.answers.push(undefined)
  await subscribed(person(site))
  await pushed.next(has('StatusEvent'))
  await site.services.close(['MSExchangeServiceHost'])
  const [job] = await site.jobs.list(site.organisation.id, 'EwsPushSubscription')
  assert.equal(job?.state.failures, 0, 'it is sent again at the next start')
})

test('what was asked for is found behind many changes that were not', async () => {
  await using pushed = await startPushed()
  await using site = await pushed.start()
  const mary = person(site)
  const { watermark } = await subscribed(mary)
  await pushed.next(has('StatusEvent'))
  const many = Array.from({ length: 500 }, (_, n) => `<t:Message><t:Subject>${n}</t:Subject></t:Message>`).join('')
  assert.equal((await mary.ask(mary.createXml(many, { folder: 'drafts' }))).length, 500)
  const made = await put(mary)
  assert.equal(itemOf(await pushed.next(has('CreatedEvent')), 'CreatedEvent'), made.Id)
  // The same from a watermark before all of it: one step has to pass over the many.
  await subscribed(mary, { watermark: `<t:Watermark>${watermark}</t:Watermark>` })
  assert.equal(itemOf(await pushed.next(has('CreatedEvent')), 'CreatedEvent'), made.Id)
})

type Pushed = Awaited<ReturnType<typeof startPushed>>
type PushedSite = Awaited<ReturnType<Pushed['start']>>

/** Somebody acts for the shared mailbox Sales. */
const acting =
  '<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>sales@contoso.com</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>'

async function subscribedAs(pushed: Pushed, site: PushedSite, user: string, soapHeaders: string): Promise<void> {
  const { body } = await site.ews(pushXml(), { user, soapHeaders })
  assert.match(body, /NoError/)
  await pushed.next(has('StatusEvent'))
  // The answer to it is written down at the time of the asking, not a minute later.
  await site.jobs.runDue()
}

/** How many subscriptions are left a minute later. */
async function subscriptionsLeft(pushed: Pushed, site: PushedSite, time: { now: number }): Promise<number> {
  time.now += 60_000
  await site.jobs.runDue()
  pushed.notifications.splice(0)
  return (await site.jobs.list(site.organisation.id, 'EwsPushSubscription')).length
}

for (const engine of quickEngines) {
  test(`a push subscription ends with what its owner had signed in with, also where they act for another (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using pushed = await startPushed(engine, { clock: () => time.now })
    await using site = await pushed.start()
    const left = () => subscriptionsLeft(pushed, site, time)
    const endsWith = async (user: string, soapHeaders: string, change: () => Promise<unknown>) => {
      await subscribedAs(pushed, site, user, soapHeaders)
      assert.equal(await left(), 1, 'as long as all is as it was, it goes on')
      const [kept] = await site.jobs.list(site.organisation.id, 'EwsPushSubscription')
      assert.ok(!JSON.stringify(kept).includes(site.password), 'no secret is kept')
      await change()
      await put(person(site, 'mary'))
      assert.equal(await left(), 0)
    }
    await endsWith('rob', '', () => site.directory.setPassword(site.people.rob!, 'Another!2026'))
    await endsWith('mary', '', () => run(site, 'Revoke-SignIn mary'))
    await endsWith('administrator', acting, () => site.directory.setPassword(site.people.administrator!, 'Another!2026'))
    await run(site, 'New-AuthenticationPolicy Modern')
    await endsWith('ann', '', () => run(site, 'Set-User ann -AuthenticationPolicy Modern'))
  })

  test(`a push subscription ends with the account of whoever asked for it, also for another (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using pushed = await startPushed(engine, { clock: () => time.now })
    await using site = await pushed.start()
    const left = () => subscriptionsLeft(pushed, site, time)
    const change = (alias: string, changes: object) => site.directory.update(site.organisation.id, site.people[alias]!.id, changes)
    const subscribe = (user: string, soapHeaders: string) => subscribedAs(pushed, site, user, soapHeaders)
    await change('sales', { accountDisabled: true })
    await subscribe('administrator', acting)
    assert.equal(await left(), 1, 'a shared mailbox has no account; the one who acts for it has')
    await change('administrator', { accountDisabled: true })
    assert.equal(await left(), 0)
    await subscribe('rob', '')
    assert.equal(await left(), 1)
    await change('rob', { accountDisabled: true })
    await put(person(site, 'mary'))
    assert.equal(await left(), 0)
    await change('administrator', { accountDisabled: false })
    await subscribe('administrator', acting)
    await change('sales', { ewsDisabled: true })
    assert.equal(await left(), 0)
  })
}

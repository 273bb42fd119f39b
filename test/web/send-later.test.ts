/** Messages that are sent later: they wait among the drafts, by the browser or by EWS, and go once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { sendDraftOf, written } from './letters.ts'
import { run } from '../sent-items/desk.ts'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

const hour = 3_600_000

/** A site whose clock the test sets, over a store that outlives it. */
async function siteOf(engine: TestEngine) {
  const { path, databaseUrl, databaseSchema } = await engine.options()
  const clock = { ahead: 0 }
  const start = () =>
    startTestSite({
      engine,
      config: { data: path!, ...(databaseUrl ? { database: databaseUrl } : {}), ...(databaseSchema ? { databaseSchema } : {}) },
      outside: { clock: () => Date.now() + clock.ahead },
    })
  return { clock, start, now: () => Date.now() + clock.ahead }
}

/** Subjects of a folder of somebody. */
async function subjects(site: TestSite, alias: string, kind: string): Promise<string[]> {
  const { items } = await site.mailboxes.findItems(await site.caller(alias), {
    folders: [{ mailbox: site.people[alias]!.mailbox, kind }],
    traversal: 'Shallow',
    view: { kind: 'indexed', offset: 0, limit: 50, from: 'Beginning' },
    wanted: { shape: 'ids', paths: [{ property: 'subject' }] },
  })
  return items.map(({ properties }) => String(properties.subject))
}

/** Works on jobs and queue until nothing is due. */
async function settle(site: TestSite): Promise<void> {
  await site.jobs.runDue()
  await site.transport.runDue()
}

for (const engine of quickEngines) {
  test(`${engine.name}: a message waits among the drafts for its time, and is sent once, across a restart and deaths`, async () => {
    const { clock, start, now } = await siteOf(engine)
    const at = now() + 2 * hour
    let job
    {
      await using site = await start()
      const mary = await openWindow(site, 'mary')
      const send = await sendDraftOf(mary, 'Later')
      assert.deepEqual(await mary.ask('sendDraft', { ...send, at }), { before: false })
      // Its answer was lost: asked again, it waits already.
      assert.deepEqual(await mary.ask('sendDraft', { ...send, at }), { before: true })
      await settle(site)
      assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Later'])
      const { messages } = await mary.ask('findMessages', { folder: { mailbox: send.draft.mailbox, kind: 'drafts' }, offset: 0, limit: 5 })
      assert.deepEqual(messages.map(({ sendAt }) => sendAt), [at]) // prettier-ignore
      assert.deepEqual(await subjects(site, 'rob', 'inbox'), [])
      ;[job] = await site.jobs.list(site.organisation.id, 'DeferredSend')
      // A process that holds the job dies.
      await site.store.write((tx) => tx.jobs.lease(['DeferredSend'], 'dead', at, at + hour / 4, 1))
    }
    clock.ahead = 2 * hour + hour / 3
    await using site = await start()
    await settle(site)
    assert.deepEqual(await subjects(site, 'mary', 'drafts'), [])
    assert.deepEqual(await subjects(site, 'mary', 'sentitems'), ['Later'])
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Later'])
    // One that died after it was sent, before the job was over: it is run again, and there is nothing to do.
    assert.ok(job)
    const { holder: _, leaseUntil: __, ...again } = job
    await site.store.write((tx) => tx.jobs.save({ ...again, due: now() }))
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Later'])
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'DeferredSend'), [])
  })

  test(`${engine.name}: what waits is taken back, written on, moved or sent at once, and then goes at no other time`, async () => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    const mary = await openWindow(site, 'mary')
    const at = now() + hour
    const wait = async (subject: string) => {
      const send = await sendDraftOf(mary, subject)
      await mary.ask('sendDraft', { ...send, at })
      return { ...(await mary.ask('openDraft', { draft: send.draft })), draft: send.draft, token: send.token }
    }
    const held = await wait('Held')
    assert.equal(held.sendAt, at)
    await mary.ask('holdDraft', { draft: held.draft })
    assert.equal((await mary.ask('openDraft', { draft: held.draft })).sendAt, undefined)

    const { token, ref, change } = await wait('Written on')
    await mary.ask('saveDraft', { draft: { ref, change }, token, writer: randomUUID(), written: written('Written on') })
    const moved = await wait('Moved')
    await mary.ask('actOnMessages', { items: [moved.ref], action: { do: 'delete', forGood: false } })
    const hurried = await wait('At once')
    await mary.ask('sendDraft', { draft: hurried.ref, change: hurried.change, token: hurried.token })
    const later = await wait('Later still')
    await mary.ask('sendDraft', { draft: later.ref, change: later.change, token: later.token, at: at + 2 * hour })
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['At once'])
    clock.ahead = 2 * hour
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['At once'])
    assert.deepEqual((await subjects(site, 'mary', 'drafts')).toSorted(), ['Held', 'Later still', 'Written on'])
    clock.ahead = 4 * hour
    await settle(site)
    assert.deepEqual((await subjects(site, 'rob', 'inbox')).toSorted(), ['At once', 'Later still'])
  })

  test(`${engine.name}: a client of EWS sends later with PidTagDeferredSendTime, changes the time, and is told of what may not be sent`, async () => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    const property = `<t:ExtendedFieldURI PropertyTag="0x3fef" PropertyType="SystemTime"/>`
    const timed = (at: number) => `<t:ExtendedProperty>${property}<t:Value>${new Date(at).toISOString()}</t:Value></t:ExtendedProperty>`
    const create = async (subject: string, extended: string, more = '') => {
      const { body } = await site.ews(
        `<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:Message><t:Subject>${subject}</t:Subject>${extended}<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>${more}</t:Message></m:Items></m:CreateItem>`,
      )
      assert.match(body, /NoError/, body)
    }
    await create('Tomorrow', timed(now() + hour))
    await create('Past', timed(now() - hour))
    // [MS-OXOMSG] 2.2.3.2, 2.2.3.3: two hours after it was handed in.
    const tag = (id: string, value: number) => `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="${id}" PropertyType="Integer"/><t:Value>${value}</t:Value></t:ExtendedProperty>` // prettier-ignore
    await create('In two hours', tag('0x3feb', 2) + tag('0x3fec', 1))
    await create('For sales', timed(now() + hour), `<t:From><t:Mailbox><t:EmailAddress>sales@contoso.com</t:EmailAddress></t:Mailbox></t:From>`) // prettier-ignore
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Past'])
    assert.deepEqual((await subjects(site, 'mary', 'drafts')).toSorted(), ['For sales', 'In two hours', 'Tomorrow'])

    // The time is changed as any property is.
    const mary = await site.caller('mary')
    const { mailbox } = site.people.mary!
    const { items } = await site.mailboxes.findItems(mary, {
      folders: [{ mailbox, kind: 'drafts' }],
      traversal: 'Shallow',
      view: { kind: 'indexed', offset: 0, limit: 9, from: 'Beginning' },
      wanted: { shape: 'ids', paths: [{ property: 'subject' }, { property: 'isSubmitted' }] },
    })
    assert.ok(items.every(({ properties }) => properties.isSubmitted === true))
    const tomorrow = items.find(({ properties }) => properties.subject === 'Tomorrow')!
    const path = { extended: { tag: 0x3fef, type: 'SystemTime' } } as const
    const value = { type: 'SystemTime', value: now() + 5 * hour }
    await site.mailboxes.updateItem(mary, tomorrow.ref, [{ op: 'set', path, value }], { conflict: 'AlwaysOverwrite' })
    // Mary may not send as sales any more when the time comes.
    await run(site, 'Remove-RecipientPermission sales -Trustee mary -AccessRights SendAs')
    await run(site, 'Set-Mailbox sales -GrantSendOnBehalfTo @{remove="mary"}')
    clock.ahead = 3 * hour
    await settle(site)
    assert.ok((await subjects(site, 'rob', 'inbox')).includes('In two hours'))
    assert.ok(!(await subjects(site, 'rob', 'inbox')).includes('Tomorrow'))
    assert.deepEqual((await subjects(site, 'mary', 'drafts')).toSorted(), ['For sales', 'Tomorrow'])
    assert.deepEqual(await subjects(site, 'mary', 'inbox'), ['Not sent: For sales'])
    clock.ahead = 6 * hour
    await settle(site)
    assert.ok((await subjects(site, 'rob', 'inbox')).includes('Tomorrow'))
  })
}

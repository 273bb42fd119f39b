/** Messages that are sent later: they wait among the drafts, by the browser or by EWS, and go once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import type { PropertyChange } from '#mailbox'
import type { PropertyValue } from '#model'
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

  test(`${engine.name}: a message that cannot be sent for a while is sent after it, and is given back after a day`, async (t) => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    const mary = await openWindow(site, 'mary')
    const at = now() + hour
    await mary.ask('sendDraft', { ...(await sendDraftOf(mary, 'Late')), at })
    await mary.ask('sendDraft', { ...(await sendDraftOf(mary, 'Too late')), at: at + 4 * hour })
    const send = site.mailboxes.sendItem
    const broken = t.mock.method(site.mailboxes, 'sendItem', async () => {
      throw new Error('The disk does not answer.')
    })
    const attempts = async (count: number, pause: number) => {
      for (let attempt = 0; attempt < count; attempt++) {
        clock.ahead += pause
        await settle(site)
      }
    }
    clock.ahead = hour
    await attempts(7, hour / 4)
    assert.deepEqual((await subjects(site, 'mary', 'drafts')).toSorted(), ['Late', 'Too late'])
    broken.mock.mockImplementation(send)
    await attempts(1, hour / 4)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Late'])
    broken.mock.mockImplementation(async () => {
      throw new Error('The disk does not answer.')
    })
    clock.ahead = 5 * hour
    await attempts(7, hour / 4)
    assert.deepEqual(await subjects(site, 'mary', 'inbox'), [])
    await attempts(1, 24 * hour)
    assert.deepEqual(await subjects(site, 'mary', 'inbox'), ['Not sent: Too late'])
    broken.mock.restore()
    await attempts(1, hour)
    assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Too late'])
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Late'])
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'DeferredSend'), [])
  })

  test(`${engine.name}: what a delegate handed in who lost every right is given back to the mailbox, once`, async (t) => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    await run(site, 'Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    await run(site, 'Add-RecipientPermission mary -Trustee rob -AccessRights SendAs')
    const { mailbox } = site.people.mary!
    const rob = await site.caller('rob')
    const properties = { subject: 'By Rob', toRecipients: [{ address: 'ann@contoso.com' }], from: { address: 'mary@contoso.com' } }
    const { ref } = await site.mailboxes.createItem(rob, { mailbox, kind: 'drafts' }, { kind: 'message', properties })
    await site.mailboxes.sendItem(rob, ref, { at: now() + hour })
    await run(site, 'Remove-MailboxPermission mary -User rob -AccessRights FullAccess')
    await run(site, 'Remove-RecipientPermission mary -Trustee rob -AccessRights SendAs')
    // The notice cannot be delivered at first: nothing is half done.
    const { deliver } = site.mailboxes
    const broken = t.mock.method(site.mailboxes, 'deliver', async () => {
      throw new Error('The disk does not answer.')
    })
    clock.ahead = 2 * hour
    await settle(site)
    broken.mock.mockImplementation(deliver)
    clock.ahead = 3 * hour
    await settle(site)
    broken.mock.restore()
    await settle(site)
    assert.deepEqual(await subjects(site, 'mary', 'inbox'), ['Not sent: By Rob'])
    const mary = await openWindow(site, 'mary')
    const { messages } = await mary.ask('findMessages', { folder: { mailbox, kind: 'drafts' }, offset: 0, limit: 5 })
    assert.deepEqual(messages.map(({ subject, sendAt }) => [subject, sendAt]), [['By Rob', undefined]]) // prettier-ignore
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'DeferredSend'), [])
  })

  test(`${engine.name}: what somebody else changes of a message that waits does not go with the right of whoever handed it in`, async () => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    await run(site, 'Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    const rob = await site.caller('rob')
    const mary = await openWindow(site, 'mary')
    const at = now() + hour
    const time = { path: { extended: { tag: 0x3fef, type: 'SystemTime' } }, value: { type: 'SystemTime', value: at + hour } } as const
    const set = (property: string, value: PropertyValue): PropertyChange => ({ op: 'set', path: { property }, value })
    const deeds: Record<string, PropertyChange> = {
      Text: set('body', { type: 'HTML', value: '<p>Pay Rob</p>' }),
      Recipients: set('toRecipients', [{ address: 'ann@contoso.com' }]),
      Time: { op: 'set', ...time },
      Marked: set('categories', ['Seen']),
    }
    for (const [subject, change] of Object.entries(deeds)) {
      const send = await sendDraftOf(mary, subject)
      await mary.ask('sendDraft', { ...send, at })
      await site.mailboxes.updateItem(rob, send.draft, [change], { conflict: 'AlwaysOverwrite' })
    }
    const file = await sendDraftOf(mary, 'File')
    await mary.ask('sendDraft', { ...file, at })
    const attachment = { kind: 'file', name: 'a.txt', contentType: 'text/plain', content: Buffer.from('Pay Rob') } as const
    await site.mailboxes.createAttachments(rob, file.draft, [attachment])
    assert.equal((await site.jobs.list(site.organisation.id, 'DeferredSend')).length, 1)
    assert.equal((await mary.ask('openDraft', { draft: file.draft })).sendAt, undefined)
    clock.ahead = 3 * hour
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Marked'])
    assert.deepEqual(await subjects(site, 'ann', 'inbox'), [])
    assert.deepEqual((await subjects(site, 'mary', 'drafts')).toSorted(), ['File', 'Recipients', 'Text', 'Time'])
  })

  test(`${engine.name}: a message that may not be handed in for later leaves nothing behind`, async () => {
    const { start, now } = await siteOf(engine)
    await using site = await start()
    const time = `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0x3fef" PropertyType="SystemTime"/><t:Value>${new Date(now() + hour).toISOString()}</t:Value></t:ExtendedProperty>`
    const to = `<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>`
    const from = `<t:From><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:From>`
    const create = async (body: string, after: string) =>
      (await site.ews(`<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:Message><t:Subject>Refused</t:Subject>${body}${time}${after}</t:Message></m:Items></m:CreateItem>`)).body // prettier-ignore
    assert.match(await create('', ''), /ErrorMissingRecipients/)
    assert.match(await create('', to + from), /ErrorSendAsDenied/)
    await run(site, 'Set-TransportConfig -MaxSendSize 4KB')
    assert.match(await create(`<t:Body BodyType="Text">${'long '.repeat(2000)}</t:Body>`, to), /ErrorMessageSizeExceeded/)
    assert.deepEqual(await subjects(site, 'mary', 'drafts'), [])
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'DeferredSend'), [])
    assert.match(await create('', to), /NoError/)
    assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Refused'])
  })

  test(`${engine.name}: a message that waits in a folder that was deleted is not sent`, async () => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    const caller = await site.caller('mary')
    const { mailbox } = site.people.mary!
    const inFolder = async (name: string) => {
      const { row } = await site.mailboxes.createFolder(caller, { parent: { mailbox, kind: 'drafts' }, name, folderClass: 'IPF.Note' })
      const folder = { mailbox, id: row.id }
      const properties = { subject: name, toRecipients: [{ address: 'rob@contoso.com' }] }
      const { ref } = await site.mailboxes.createItem(caller, folder, { kind: 'message', properties })
      await site.mailboxes.sendItem(caller, ref, { at: now() + hour })
      return { folder, ref }
    }
    const deleted = await inFolder('Deleted')
    await inFolder('Kept')
    await site.mailboxes.deleteFolder(caller, deleted.folder, 'MoveToDeletedItems')
    clock.ahead = 2 * hour
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['Kept'])
    assert.deepEqual(await subjects(site, 'mary', 'inbox'), [])
    const paths = [{ property: 'isSubmitted' }, { property: 'isDraft' }]
    const [item] = await site.mailboxes.getItems(caller, [deleted.ref], { shape: 'ids', paths })
    assert.ok(item && 'properties' in item)
    assert.deepEqual([item.properties.isSubmitted, item.properties.isDraft], [false, true])
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'DeferredSend'), [])
  })

  test(`${engine.name}: a message is marked as answered when its answer goes, not when it begins to wait`, async () => {
    const { clock, start, now } = await siteOf(engine)
    await using site = await start()
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const mime = Buffer.from(
      'From: Rob <rob@contoso.com>\r\nTo: mary@contoso.com\r\nMessage-ID: <ask@contoso.com>\r\nSubject: Ask\r\n\r\nWell?',
    )
    const delivery = { mime, recipient: 'mary@contoso.com', sender: 'rob@contoso.com', receivedAt: now() }
    const id = await site.mailboxes.deliver(site.organisation.id, mailbox, delivery)
    const answeredBy = async () => {
      const path = { extended: { tag: 0x1081, type: 'Integer' } } as const
      const [item] = await site.mailboxes.getItems(await site.caller('mary'), [{ mailbox, id }], { shape: 'ids', paths: [path] })
      assert.ok(item && 'extended' in item)
      return Object.values(item.extended)[0]?.value
    }
    const token = randomUUID()
    const { ref, change } = await mary.ask('answerMessage', { item: { mailbox, id }, how: 'reply', token })
    await mary.ask('sendDraft', { draft: ref, change, token, at: now() + hour })
    assert.equal(await answeredBy(), undefined)
    clock.ahead = 2 * hour
    await settle(site)
    assert.deepEqual(await subjects(site, 'rob', 'inbox'), ['RE: Ask'])
    assert.equal(await answeredBy(), 102)
  })
}

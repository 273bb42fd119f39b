/** What the mailbox verbs promise of copies, over the store itself: one write, what the audit hears, meetings too. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createMailboxes, type Mailboxes } from '#mailbox'
import type { EmailAddress, Properties } from '#model'
import type { Store, WriteTx } from '#store'
import { note, page, people, refusal, type People, type Person } from '../mailbox/people.ts'
import { quickEngines } from '../support/engines.ts'

const ann = { name: 'Ann', address: 'ann@contoso.com' }
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Rob may send for Mary, who keeps copies of both kinds. */
async function represented({ directory, organisation, mary, rob }: People, right: 'sendAs' | 'sendOnBehalf'): Promise<EmailAddress> {
  const kept = { MessageCopyForSentAsEnabled: true, MessageCopyForSendOnBehalfEnabled: true }
  await directory.update(organisation, mary.recipient.id, { sendAs: [], sendOnBehalf: [], [right]: [rob.recipient.id], kept })
  return { name: 'Mary Baker', address: 'mary@contoso.com' }
}

async function sentItems({ mailboxes }: Pick<People, 'mailboxes'>, { caller, mailbox }: Person, kind = 'sentitems'): Promise<Properties[]> {
  const { items } = await mailboxes.findItems(caller, {
    folders: [{ mailbox, kind }],
    traversal: 'Shallow',
    view: page,
    wanted: { shape: 'all' },
  })
  return items.map(({ properties }) => properties)
}
const queued = ({ store, organisation }: People) => store.read((tx) => tx.queue.list(organisation, '', 100))

/** The same mailboxes over a store whose writes are changed. */
function over(site: People, change: (tx: WriteTx) => WriteTx): Mailboxes {
  const store: Store = { ...site.store, write: (body) => site.store.write((tx) => body(change(tx))) }
  const { directory, configuration, clock } = site
  return createMailboxes({ store, directory, configuration, clock: () => clock.now, random: (size) => randomBytes(size), log: quiet })
}

for (const engine of quickEngines) {
  test(`source R9: copy and message are one write (${engine.name})`, async () => {
    await using site = await people(engine)
    const { rob, mary } = site
    const from = await represented(site, 'sendAs')
    const broken = over(site, (tx) => ({ ...tx, queue: { ...tx.queue, add: () => Promise.reject(new Error('the disk is full')) } }))
    const saveTo = { mailbox: rob.mailbox, kind: 'sentitems' }
    const send = (mailboxes: Mailboxes) =>
      mailboxes.sendNew(rob.caller, rob.mailbox, note('Once', { from, toRecipients: [ann] }), { saveTo })
    await assert.rejects(send(broken), /the disk is full/)
    assert.deepEqual([await sentItems(site, mary), await sentItems(site, rob), await queued(site)], [[], [], []])
    await send(site.mailboxes)
    assert.deepEqual([(await sentItems(site, mary)).length, (await sentItems(site, rob)).length, (await queued(site)).length], [1, 1, 1])
    const [copy] = await sentItems(site, mary)
    assert.deepEqual(
      [(copy?.from as EmailAddress).address, (copy?.sender as EmailAddress).address],
      ['mary@contoso.com', 'rob@contoso.com'],
    )
  })

  test(`source R9: the copy is what went out, whatever MIME the client gave (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, rob, mary } = site
    const from = await represented(site, 'sendOnBehalf')
    const mime = Buffer.from(
      'From: The Chief <chief@contoso.com>\r\nSender: ann@contoso.com\r\nTo: ann@contoso.com\r\nSubject: Forged\r\n\r\nbody\r\n',
    )
    await mailboxes.sendNew(rob.caller, rob.mailbox, { kind: 'message', properties: { from }, mime }, {})
    const draft = await mailboxes.createItem(
      rob.caller,
      { mailbox: rob.mailbox, kind: 'drafts' },
      { kind: 'message', properties: { from }, mime },
    )
    await mailboxes.sendItem(rob.caller, draft.ref, {})
    const { items } = await mailboxes.findItems(mary.caller, { folders: [{ mailbox: mary.mailbox, kind: 'sentitems' }], traversal: 'Shallow', view: page, wanted: { shape: 'ids' } }) // prettier-ignore
    const read = await mailboxes.getItems(mary.caller, items.map(({ ref }) => ref), { shape: 'ids', mime: true }) // prettier-ignore
    assert.equal(read.length, 2)
    for (const one of read) {
      const text = 'properties' in one ? Buffer.from(String(one.properties.mimeContent), 'base64').toString() : ''
      assert.match(text, /^From: .*mary@contoso\.com/m)
      assert.match(text, /^Sender: .*rob@contoso\.com/m)
      assert.doesNotMatch(text, /chief|^Sender: ann/m)
    }
  })

  test(`source R9: a right taken away while the message is made ready is gone in the write (${engine.name})`, async () => {
    await using site = await people(engine)
    const { rob, mary, directory, organisation } = site
    const from = await represented(site, 'sendAs')
    let taken = false
    // Its bytes go to disk once the right was looked at, and before the write.
    const late: Store = {
      ...site.store,
      stage: async (bytes) => {
        if (!taken) {
          taken = true
          // Send on Behalf is left: the message that is ready shows Mary alone.
          await directory.update(organisation, mary.recipient.id, { sendAs: [], sendOnBehalf: [rob.recipient.id] })
        }
        return site.store.stage(bytes)
      },
    }
    const mailboxes = createMailboxes({ store: late, directory, configuration: site.configuration, clock: () => site.clock.now, random: (size) => randomBytes(size), log: quiet }) // prettier-ignore
    await assert.rejects(
      mailboxes.sendNew(rob.caller, rob.mailbox, note('Late', { from, toRecipients: [ann] }), { saveTo: { mailbox: rob.mailbox, kind: 'sentitems' } }), // prettier-ignore
      refusal('SendAsDenied'),
    )
    assert.deepEqual([await sentItems(site, mary), await sentItems(site, rob), await queued(site)], [[], [], []])
  })

  test(`source R9: the audit log says who sent what for whom (${engine.name})`, async () => {
    await using site = await people(engine)
    const { store, directory, rob, mary } = site
    const { mailboxes } = site
    for (const right of ['sendAs', 'sendOnBehalf'] as const) {
      const from = await represented(site, right)
      await mailboxes.sendNew(rob.caller, rob.mailbox, note(right, { from, toRecipients: [ann] }), {})
    }
    await mailboxes.sendNew(rob.caller, rob.mailbox, note('Own', { toRecipients: [ann] }), {})
    const mime = Buffer.from('From: mary@contoso.com\r\nTo: ann@contoso.com\r\nSubject: Raw\r\nMessage-ID: <r@x>\r\n\r\nbody\r\n')
    const represents = [{ recipient: (await directory.recipientOfMailbox(site.organisation, mary.mailbox))!, right: 'onBehalf' as const }]
    const keep = await mailboxes.keepForRepresented({ caller: rob.caller, represented: represents, mime, recipients: ['ann@contoso.com', 'blind@contoso.com'] }) // prettier-ignore
    await store.write((tx) => keep(tx))
    const { records } = await mailboxes.auditRecords(site.system, {
      mailbox: mary.mailbox,
      operations: ['SendAs', 'SendOnBehalf'],
      limit: 10,
    })
    const said = records.map(({ operation, who, item }) => `${operation} ${who.address} ${item?.subject}`)
    assert.deepEqual(said.sort(), ['SendAs rob@contoso.com sendAs', 'SendOnBehalf rob@contoso.com Raw', 'SendOnBehalf rob@contoso.com sendOnBehalf']) // prettier-ignore
    const blind = (await sentItems(site, mary)).find(({ subject }) => subject === 'Raw')?.bccRecipients as EmailAddress[]
    assert.deepEqual(blind.map(({ address }) => address), ['blind@contoso.com']) // prettier-ignore
    assert.equal((await sentItems(site, mary)).length, 3)
  })

  test(`source R9: invitations that a delegate sends are kept once (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, directory, organisation, rob, mary } = site
    await represented(site, 'sendOnBehalf')
    await directory.update(organisation, mary.recipient.id, { fullAccess: [rob.recipient.id] })
    const calendar = { mailbox: mary.mailbox, kind: 'calendar' }
    const meeting = (subject: string) => ({
      kind: 'calendar' as const,
      properties: { subject, start: site.clock.now, end: site.clock.now + 3_600_000, requiredAttendees: [{ mailbox: ann }] } as Properties,
    })
    for (const send of ['SendOnlyToAll', 'SendToAllAndSaveCopy'] as const) await mailboxes.createMeeting(rob.caller, calendar, meeting(send), send) // prettier-ignore
    const copies = (await sentItems(site, mary)).map(({ subject, sender }) => [subject, (sender as EmailAddress).address])
    assert.deepEqual(copies.sort(), [['SendOnlyToAll', 'rob@contoso.com'], ['SendToAllAndSaveCopy', 'rob@contoso.com']]) // prettier-ignore
    // Full Access alone sends no invitations.
    await directory.update(organisation, mary.recipient.id, { sendOnBehalf: [] })
    await assert.rejects(mailboxes.createMeeting(rob.caller, calendar, meeting('Not'), 'SendOnlyToAll'), refusal('SendAsDenied'))
  })

  test(`source R9: where sent items are saved is said by an entry id of the top folder (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, rob, mary } = site
    const from = await represented(site, 'sendAs')
    const chosen = await mailboxes.createFolder(mary.caller, { parent: { mailbox: mary.mailbox, kind: 'msgfolderroot' }, name: 'Theirs' })
    const ref = { mailbox: mary.mailbox, id: chosen.row.id }
    const nameNow = async () => (await mailboxes.sentItemsFolder(mary.caller, mary.mailbox)).row.name
    await mailboxes.saveSentItemsTo(mary.caller, mary.mailbox, ref)
    assert.equal(await nameNow(), 'Theirs')
    await mailboxes.sendNew(rob.caller, rob.mailbox, note('There', { from, toRecipients: [ann] }), {})
    assert.equal((await mailboxes.getFolder(mary.caller, ref)).row.total, 1)
    await mailboxes.saveSentItemsTo(mary.caller, mary.mailbox, undefined)
    assert.equal(await nameNow(), 'Sent Items')
    const refused = [{ mailbox: mary.mailbox, kind: 'calendar' }, { mailbox: mary.mailbox, kind: 'deleteditems' }, { mailbox: rob.mailbox, kind: 'inbox' }] // prettier-ignore
    for (const one of refused) await assert.rejects(mailboxes.saveSentItemsTo(mary.caller, mary.mailbox, one), refusal('InvalidFolderTypeForOperation')) // prettier-ignore
    await assert.rejects(mailboxes.saveSentItemsTo(rob.caller, mary.mailbox, ref), refusal('AccessDenied'))
    // Whatever a client writes there: what names no fitting folder of the mailbox counts as Sent Items.
    const tag = { tag: 0x35e4, type: 'Binary' } as const
    const top = { mailbox: mary.mailbox, kind: 'msgfolderroot' }
    const robs = Buffer.concat([Buffer.from(rob.mailbox.replaceAll('-', ''), 'hex'), Buffer.from('000000000005', 'hex')])
    for (const value of [
      '',
      'AAAA',
      robs.toString('base64'),
      Buffer.alloc(46, 255).toString('base64'),
      Buffer.alloc(5000).toString('base64'),
    ]) {
      await mailboxes.updateFolder(mary.caller, top, [{ op: 'set', path: { extended: tag }, value: { type: 'Binary', value } }])
      assert.equal(await nameNow(), 'Sent Items')
    }
  })
}

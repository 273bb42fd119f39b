/** Every condition and action of rules on messages that are delivered; nothing carries away what is queued. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMime } from '#wire'
import type { NewRule, RuleActions, RulePredicates } from '#mailbox'
import { quickEngines } from '../support/engines.ts'
import { mail, note, people, type People } from '../mailbox/people.ts'

const rule = (conditions: RulePredicates, actions: RuleActions, more: Partial<NewRule> = {}): NewRule => ({
  name: 'A rule',
  priority: 1,
  enabled: true,
  conditions,
  exceptions: {},
  actions,
  ...more,
})

async function setRules(site: People, ...rules: NewRule[]): Promise<void> {
  const { caller, mailbox } = site.mary
  const old = (await site.mailboxes.inboxRules(caller, mailbox)).map(({ id }) => ({ op: 'delete' as const, id }))
  const fresh = rules.map((one, index) => ({ op: 'create' as const, rule: { ...one, priority: index + 1 } }))
  assert.deepEqual(await site.mailboxes.changeInboxRules(caller, mailbox, [...old, ...fresh]), [])
}

const deliver = (site: People, mime: Uint8Array, sender = 'bob@fabrikam.com') =>
  site.mailboxes.deliver(site.organisation, site.mary.mailbox, { mime, recipient: 'mary@contoso.com', sender, receivedAt: site.clock.now })

/** The folders that a delivered message lies in, by kind or name, and its row in the first of them. */
async function whereIs(site: People, subject: string) {
  const { mailbox } = site.mary
  return site.store.read(async (tx) => {
    const root = await tx.folders.byKind(mailbox, 'root')
    const found = []
    for (const folder of await tx.folders.tree(mailbox, root?.id ?? 0)) {
      const heads = await tx.items.heads({ mailbox, folders: [folder.id], associated: false, order: [], limit: 500 })
      for (const row of await tx.items.getMany(
        mailbox,
        heads.map(({ id }) => id),
      ))
        // prettier-ignore
        if (row.subject === subject) found.push({ folder: folder.kind || folder.name, row })
    }
    return found
  })
}

/** What waits to be sent: envelope and message. */
async function queued(site: People) {
  return site.store.read(async (tx) => {
    const all = []
    for (const message of await tx.queue.list(site.organisation, '', 50)) {
      const recipients = (await tx.queue.recipients(site.organisation, message.id)).map(({ address }) => address)
      const bytes = Buffer.from(await tx.queue.blob(site.organisation, message.blob))
      all.push({ sender: message.sender, recipients, envelope: message.envelope, text: bytes.toString(), parsed: parseMime(bytes) })
    }
    return all
  })
}

const signed = 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=x\r\n'
const smime = (type: string) => `Content-Type: application/pkcs7-mime; smime-type=${type}\r\n`
const report = (type: string) => `Content-Type: multipart/report; report-type=${type}; boundary=x\r\n`
const calendar = (method: string) => `Content-Type: text/calendar; method=${method}; charset=utf-8\r\n`
const event = (method: string) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:${method}\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20300107T080000Z\r\nDTSTART:20300108T090000Z\r\nDTEND:20300108T100000Z\r\n` +
  'ORGANIZER:mailto:bob@fabrikam.com\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:mary@contoso.com\r\nSUMMARY:m\r\nEND:VEVENT\r\nEND:VCALENDAR'
const withFile =
  '--x\r\nContent-Type: text/plain\r\n\r\nHi\r\n--x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--x--'
const mixed = 'Content-Type: multipart/mixed; boundary=x\r\n'

type Fields = Partial<Parameters<typeof mail>[0]>
/** A condition, a message that meets it, one that does not. */
const rows: readonly [RulePredicates, Fields, Fields][] = [
  [{ Categories: ['red', 'blue'] }, { headers: 'Keywords: Blue\r\n' }, { headers: 'Keywords: Green\r\n' }],
  [{ ContainsBodyStrings: ['STRASSE', 'lane'] }, { body: 'down the Lane' }, { body: 'street' }],
  [{ ContainsBodyStrings: ['two words'] }, { headers: 'Content-Type: text/html\r\n', body: '<p>two words</p>' }, { headers: 'Content-Type: text/html\r\n', body: '<p title="two words">no</p>' }],
  [{ ContainsHeaderStrings: ['x-mailer: lab'] }, { headers: 'X-Mailer: Lab 1\r\n' }, {}],
  [{ ContainsRecipientStrings: ['sales'] }, { to: 'Sales Team <mary@contoso.com>' }, {}],
  [{ ContainsSenderStrings: ['@fabrikam.com'] }, {}, { from: 'x@other.example' }],
  [{ ContainsSubjectOrBodyStrings: ['zebra'] }, { body: 'a Zebra' }, { body: 'a horse' }],
  [{ ContainsSubjectStrings: ['ünïcode'] }, { subject: 'ÜNÏCODE' }, { subject: 'unicode' }],
  [{ FlaggedForAction: 'Any' }, { headers: 'X-Message-Flag: Call\r\n' }, {}],
  [{ FlaggedForAction: 'FollowUp' }, { headers: 'X-Message-Flag: Follow up\r\n' }, { headers: 'X-Message-Flag: Call\r\n' }],
  [{ FromAddresses: [{ address: 'BOB@fabrikam.com' }] }, {}, { from: 'bob@fabrikam.com.example' }],
  [{ HasAttachments: true }, { headers: mixed, body: withFile }, {}],
  [{ Importance: 'High' }, { headers: 'Importance: high\r\n' }, {}],
  [{ IsAutomaticForward: true }, { headers: 'Auto-Submitted: auto-forwarded\r\n' }, { headers: 'Auto-Submitted: auto-replied\r\n' }],
  [{ IsAutomaticReply: true }, { headers: 'Auto-Submitted: auto-replied\r\n' }, { headers: 'Auto-Submitted: no\r\n' }],
  [{ IsEncrypted: true }, { headers: smime('enveloped-data') }, { headers: smime('signed-data') }],
  [{ IsMeetingRequest: true }, { headers: calendar('REQUEST'), body: event('REQUEST') }, { headers: calendar('REPLY'), body: event('REPLY') }],
  [{ IsMeetingResponse: true }, { headers: calendar('REPLY'), body: event('REPLY') }, {}],
  [{ IsNDR: true }, { headers: report('delivery-status') }, { headers: report('disposition-notification') }],
  [{ IsPermissionControlled: true }, { headers: 'Content-Class: rpmsg.message\r\n' }, {}],
  [{ IsReadReceipt: true }, { headers: report('disposition-notification') }, { headers: report('delivery-status') }],
  [{ IsSigned: true }, { headers: signed }, { headers: smime('enveloped-data') }],
  [{ IsSigned: true }, { headers: smime('signed-data') }, {}],
  [{ IsVoicemail: true }, { headers: 'Content-Class: Voice-CA\r\n' }, {}],
  [{ ItemClasses: ['IPM.Schedule.Meeting'] }, { headers: calendar('REQUEST'), body: event('REQUEST') }, {}],
  [{ NotSentToMe: true }, { to: 'list@fabrikam.com' }, {}],
  [{ SentCcMe: true }, { to: 'a@fabrikam.com', headers: 'Cc: mary@contoso.com\r\n' }, {}],
  [{ SentOnlyToMe: true }, {}, { to: 'mary@contoso.com, rob@contoso.com' }],
  [{ SentToAddresses: [{ address: 'team@fabrikam.com' }] }, { to: 'mary@contoso.com, team@fabrikam.com' }, {}],
  [{ SentToMe: true }, {}, { to: 'a@fabrikam.com', headers: 'Cc: mary@contoso.com\r\n' }],
  [{ SentToOrCcMe: true }, { to: 'a@fabrikam.com', headers: 'Cc: mary@contoso.com\r\n' }, { to: 'a@fabrikam.com' }],
  [{ Sensitivity: 'Confidential' }, { headers: 'Sensitivity: Company-Confidential\r\n' }, {}],
  [{ WithinSizeRange: { least: 1, most: 3 } }, { body: 'x'.repeat(2000) }, { body: 'x'.repeat(4000) }],
  [{ ContainsSubjectStrings: ['both'], SentToMe: true }, { subject: 'both' }, { subject: 'both', to: 'a@fabrikam.com' }],
] // prettier-ignore

for (const engine of quickEngines) {
  test(`each condition decides ([MS-OXWSRULES] 2.2.4.8 RulePredicatesType, ${engine.name})`, async () => {
    await using site = await people(engine)
    for (const [index, [conditions, met, unmet]] of rows.entries()) {
      await setRules(site, rule(conditions, { MarkAsRead: true }))
      const name = `${index} ${JSON.stringify(conditions)}`
      for (const [fields, wanted] of [
        [met, true],
        [unmet, false],
      ] as const) {
        const subject = fields.subject ?? `s${index}`
        const id = await deliver(site, mail({ ...fields, subject, id: `${index}-${wanted}@x` }))
        const row = await site.store.read((tx) => tx.items.get(site.mary.mailbox, id))
        assert.equal(row?.isRead, wanted, `${name}: ${wanted}`)
        // What is a condition of one rule is an exception of another.
      }
      await setRules(site, rule({}, { MarkAsRead: true }, { exceptions: conditions }))
      const id = await deliver(site, mail({ ...met, subject: met.subject ?? 'e', id: `${index}-e@x` }))
      assert.equal((await site.store.read((tx) => tx.items.get(site.mary.mailbox, id)))?.isRead, false, `${name} as an exception`)
    }
    const now = site.clock.now
    await setRules(site, rule({ WithinDateRange: { from: now, to: now + 60_000 } }, { MarkAsRead: true }))
    await deliver(site, mail({ subject: 'in time' }))
    site.clock.now += 120_000
    await deliver(site, mail({ subject: 'late' }))
    assert.deepEqual([(await whereIs(site, 'in time'))[0]?.row.isRead, (await whereIs(site, 'late'))[0]?.row.isRead], [true, false])
  })

  test(`what is filed goes where the actions say ([MS-OXWSRULES] 2.2.4.6 RuleActionsType, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller, mailbox } = site.mary
    const folder = async (name: string) => (await site.mailboxes.createFolder(caller, { parent: { mailbox, kind: 'inbox' }, name })).row.id
    const [one, two] = [await folder('one'), await folder('two')]
    const where = async (subject: string, ...rules: NewRule[]) => {
      await setRules(site, ...rules)
      await deliver(site, mail({ subject }))
      return (await whereIs(site, subject)).map((found) => found.folder).toSorted()
    }
    assert.deepEqual(await where('move', rule({}, { MoveToFolder: one })), ['one'])
    assert.deepEqual(await where('copy', rule({}, { CopyToFolder: one })), ['inbox', 'one'])
    assert.deepEqual(await where('delete', rule({}, { Delete: true })), ['deleteditems'])
    // Single item recovery keeps even that for its time.
    assert.deepEqual(await where('gone', rule({}, { PermanentDelete: true })), ['recoverableitemspurges'])
    assert.deepEqual(await where('moves', rule({}, { MoveToFolder: one }), rule({}, { MoveToFolder: two })), ['one', 'two'])
    assert.deepEqual(await where('kept copy', rule({}, { CopyToFolder: one }), rule({}, { PermanentDelete: true })), [
      'one',
      'recoverableitemspurges',
    ])
    const stop = rule({}, { MoveToFolder: one, StopProcessingRules: true })
    assert.deepEqual(await where('stop', stop, rule({}, { MoveToFolder: two })), ['one'])
    assert.deepEqual(await where('off', rule({}, { MoveToFolder: one }, { enabled: false })), ['inbox'])
    await setRules(site, rule({}, { AssignCategories: ['Red'], MarkImportance: 'Low' }), rule({}, { AssignCategories: ['Blue'] }))
    const id = await deliver(site, mail({ subject: 'marked', headers: 'Keywords: Green\r\n' }))
    const [item] = await site.mailboxes.getItems(caller, [{ mailbox, id }], { shape: 'all' })
    assert.ok(item && 'properties' in item)
    assert.deepEqual([item.properties.categories, item.properties.importance], [['Green', 'Red', 'Blue'], 'Low'])
  })

  test(`a rule whose folder is gone is in error, and the mail stays in the Inbox (${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller, mailbox } = site.mary
    const { row } = await site.mailboxes.createFolder(caller, { parent: { mailbox, kind: 'inbox' }, name: 'short-lived' })
    await setRules(site, rule({}, { MoveToFolder: row.id }))
    await site.mailboxes.deleteFolder(caller, { mailbox, id: row.id }, 'HardDelete')
    await deliver(site, mail({ subject: 'stays' }))
    assert.deepEqual((await whereIs(site, 'stays')).map(({ folder }) => folder), ['inbox']) // prettier-ignore
    assert.equal((await site.mailboxes.inboxRules(caller, mailbox))[0]?.inError, true)
  })

  test(`a rule that would file into a search folder is refused (${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller, mailbox } = site.mary
    const restriction = { exists: { property: 'subject' } } as const
    const searchParameters = { deep: false, base: [{ mailbox, kind: 'inbox' }], restriction } as never
    const parent = { mailbox, kind: 'searchfolders' }
    const { row } = await site.mailboxes.createFolder(caller, { parent, name: 'all', properties: { searchParameters } })
    const into = { op: 'create', rule: { ...rule({}, { MoveToFolder: row.id }), priority: 1 } } as const
    const problems = await site.mailboxes.changeInboxRules(caller, mailbox, [into])
    assert.deepEqual(problems.map(({ field, code }) => [field, code]), [['Action:MoveToFolder', 'FolderDoesNotExist']]) // prettier-ignore
  })

  test(`what rules send is queued with the filing, once, and never in circles ([MS-OXORULE] 2.2.5.1.1, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller, mailbox } = site.mary
    const to = (alias: string) => [{ address: `${alias}@contoso.com` }]
    await setRules(
      site,
      rule({}, { ForwardToRecipients: to('rob') }),
      rule({}, { ForwardAsAttachmentToRecipients: to('ann') }),
      rule({}, { RedirectToRecipients: to('carl') }),
    )
    const original = mail({ subject: 'news', headers: mixed, body: withFile })
    await assert.rejects(
      site.mailboxes.deliver(
        site.organisation,
        mailbox,
        { mime: original, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: site.clock.now },
        () => Promise.reject(new Error('killed')),
      ),
      /killed/,
    )
    assert.deepEqual(await queued(site), [], 'neither filed nor sent')
    await deliver(site, original)
    const all = await queued(site)
    const sentTo = (alias: string) => all.find(({ recipients }) => recipients[0] === `${alias}@contoso.com`)
    assert.equal(all.length, 3)
    const [forward, attached, redirect] = [sentTo('rob'), sentTo('ann'), sentTo('carl')]
    assert.deepEqual(
      [forward?.parsed.subject, forward?.parsed.from?.address, forward?.sender],
      ['FW: news', 'mary@contoso.com', 'mary@contoso.com'],
    )
    assert.match(forward?.parsed.text ?? '', /From: Bob <bob@fabrikam.com>[\s\S]*Hi/)
    assert.equal(forward?.parsed.attachments[0]?.name, 'a.pdf')
    assert.equal(attached?.parsed.attachments[0]?.contentType, 'message/rfc822')
    assert.ok(redirect?.text.endsWith(original.toString()), 'byte for byte')
    assert.deepEqual([redirect?.sender, redirect?.envelope['authAs']], ['bob@fabrikam.com', 'Anonymous'])
    for (const { text } of all) assert.match(text, /^X-MS-Exchange-Inbox-Rules-Loop: mary@contoso\.com\r$/m)
    // It comes back, or was sent on by too many.
    await deliver(site, Buffer.from(redirect?.text ?? ''))
    const many = Array.from({ length: 10 }, (_, at) => `X-MS-Exchange-Inbox-Rules-Loop: p${at}@x.example\r\n`).join('')
    await deliver(site, mail({ subject: 'far', headers: many }))
    assert.equal((await queued(site)).length, 3)
    // A report that is forwarded makes no further report.
    await setRules(site, rule({ ContainsSubjectStrings: ['failed'] }, { ForwardToRecipients: to('rob') }))
    await deliver(site, mail({ subject: 'failed', headers: report('delivery-status') }), '')
    assert.equal((await queued(site)).find(({ parsed }) => parsed.subject === 'FW: failed')?.sender, '')
    const template = await site.mailboxes.createItem(caller, { mailbox, kind: 'drafts' }, note('I got it'))
    await setRules(site, rule({}, { ServerReplyWithMessage: template.ref.id }))
    await deliver(site, mail({ subject: 'question' }))
    await deliver(site, mail({ subject: 'automatic', headers: 'Auto-Submitted: auto-generated\r\n' }))
    await deliver(site, mail({ subject: 'list', headers: 'List-Id: <l.example>\r\n' }))
    const replies = (await queued(site)).filter(({ parsed }) => parsed.subject === 'I got it')
    assert.deepEqual(replies.map(({ sender, recipients }) => [sender, ...recipients]), [['', 'bob@fabrikam.com']]) // prettier-ignore
    assert.match(replies[0]?.text ?? '', /^Auto-Submitted: auto-replied\r$/m)
  })
}

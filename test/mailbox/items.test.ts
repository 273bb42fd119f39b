import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extendedKey, type Properties } from '#model'
import type { NewItemInput, PropertyChange } from '#mailbox'
import { quickEngines } from '../support/engines.ts'
import { mail, note, only, people, refusal } from './people.ts'

const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
const anyway = { conflict: 'AlwaysOverwrite' } as const
const draft = (mailbox: string) => ({ mailbox, kind: 'drafts' })

for (const engine of quickEngines) {
  test(`a message is made, read, changed and deleted (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, clock } = site
    const made = await mailboxes.createItem(mary.caller, draft(mary.mailbox), {
      ...note('RE: Plan', { toRecipients: [{ name: 'Rob', address: 'rob@contoso.com' }], importance: 'High', categories: ['Red'] }),
      attachments: [{ kind: 'file', name: 'a.txt', contentType: 'text/plain', content: Buffer.from('abc') }],
    })
    const all = only(await mailboxes.getItems(mary.caller, [made.ref], { shape: 'all' })).properties
    assert.equal(all.subject, 'RE: Plan')
    assert.deepEqual(all.body, { type: 'Text', value: 'About RE: Plan.' })
    assert.deepEqual(
      [all.importance, all.sensitivity, all.isDraft, all.isRead, all.hasAttachments, all.displayTo, all.displayCc, all.conversationTopic],
      ['High', 'Normal', true, true, true, 'Rob', '', 'Plan'],
    )
    assert.equal(all.preview, 'About RE: Plan.')
    assert.equal(all.dateTimeCreated, clock.now)
    assert.equal(all.lastModifiedName, 'Mary Baker')
    assert.match(String(all.conversationId), /^[0-9a-f]{32}$/)
    assert.deepEqual(all.responseObjects, [])
    clock.now += 60_000
    const changed = await mailboxes.updateItem(
      mary.caller,
      made.ref,
      [
        set('subject', 'Plan B'),
        { op: 'append', path: { property: 'body' }, value: { type: 'Text', value: ' And more.' } },
        { op: 'delete', path: { property: 'categories' } },
      ],
      { conflict: 'NeverOverwrite', changeKey: made.head.change },
    )
    assert.ok(changed.head.change > made.head.change)
    const after = only(await mailboxes.getItems(mary.caller, [made.ref], { shape: 'all' })).properties
    assert.deepEqual(after.body, { type: 'Text', value: 'About RE: Plan. And more.' })
    assert.deepEqual(
      [after.subject, after.categories, after.lastModifiedTime, after.conversationTopic],
      ['Plan B', undefined, clock.now, 'Plan B'],
    )
    await assert.rejects(
      mailboxes.updateItem(mary.caller, made.ref, [set('subject', 'x')], { conflict: 'NeverOverwrite', changeKey: made.head.change }),
      refusal('IrresolvableConflict'),
    )
    await assert.rejects(
      mailboxes.updateItem(mary.caller, made.ref, [set('subject', 'x')], { conflict: 'AutoResolve' }),
      refusal('ChangeKeyRequiredForWriteOperations'),
    )
    await mailboxes.deleteItem(mary.caller, made.ref, 'MoveToDeletedItems')
    const bin = await mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'deleteditems' })
    assert.equal(bin.row.total, 1)
    const [gone] = await mailboxes.getItems(mary.caller, [made.ref], { shape: 'ids' })
    assert.ok(gone && 'code' in gone && gone.code === 'ItemNotFound')
  })

  test(`what clients may not set is refused by its code (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const create = (input: NewItemInput, kind = 'drafts') => mailboxes.createItem(mary.caller, { mailbox: mary.mailbox, kind }, input)
    for (const property of [
      'size',
      'dateTimeReceived',
      'displayTo',
      'conversationTopic',
      'effectiveRights',
      'preview',
      'lastModifiedName',
    ]) {
      await assert.rejects(create(note('x', { [property]: 'y' })), refusal('InvalidPropertySet'), property)
    }
    await assert.rejects(create(note('x', { givenName: 'y' })), refusal('InvalidPropertySet'))
    await assert.rejects(create(note('x', { itemClass: 'IPM.Contact' })), refusal('ObjectTypeChanged'))
    await assert.rejects(create({ kind: 'contact', properties: { givenName: 'A' } }), refusal('CannotCreateContactInNonContactFolder'))
    await assert.rejects(create({ kind: 'task', properties: {} }, 'inbox'), refusal('CannotCreateTaskInNonTaskFolder'))
    await assert.rejects(create({ kind: 'post', properties: {} }, 'calendar'), refusal('CannotCreatePostItemInNonMailFolder'))
    const start = 1_900_000_000_000
    for (const flag of [
      { status: 'Flagged', complete: start },
      { status: 'Flagged', start },
      { status: 'Flagged', due: start },
      { status: 'Complete', start, due: start },
    ]) {
      await assert.rejects(create(note('x', { flag })), refusal('InvalidArgument'), JSON.stringify(flag))
    }
    const plain = await create({ kind: 'item', properties: { subject: 'plain' } })
    assert.equal(plain.kind, 'message')
    const update = (change: PropertyChange) => mailboxes.updateItem(mary.caller, plain.ref, [change], anyway)
    await assert.rejects(update(set('size', 4)), refusal('InvalidPropertySet'))
    await assert.rejects(update(set('surname', 'x')), refusal('InvalidPropertySet'))
    await assert.rejects(update({ op: 'append', path: { property: 'subject' }, value: 'x' }), refusal('InvalidPropertyAppend'))
    await assert.rejects(update({ op: 'delete', path: { property: 'itemId' } }), refusal('InvalidPropertyDelete'))
    await update({ op: 'delete', path: { property: 'categories' } })
  })

  test(`MAPI tags read and write the first-class properties (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const flags = { tag: 0x0e07, type: 'Integer' } as const
    const custom = { set: 'c11ff724-aa03-4555-9952-8fa248a11c3e', name: 'LabProp', type: 'String' } as const
    const made = await mailboxes.createItem(mary.caller, draft(mary.mailbox), {
      ...note('Old'),
      extended: {
        [extendedKey(flags)]: { type: 'Integer', value: 0 },
        [extendedKey({ tag: 0x37, type: 'String' })]: { type: 'String', value: 'New' },
        [extendedKey({ tag: 0x0e06, type: 'SystemTime' })]: { type: 'SystemTime', value: 1_800_000_000_000 },
        [extendedKey(custom)]: { type: 'String', value: 'mine' },
      },
    })
    const paths = [
      flags,
      custom,
      { tag: 0x0e23, type: 'Integer' } as const,
      { tag: 0x37, type: 'String' } as const,
      { tag: 0x1000, type: 'String' } as const,
    ]
    const wanted = { shape: 'all' as const, paths: paths.map((extended) => ({ extended })) }
    const read = only(await mailboxes.getItems(mary.caller, [made.ref], wanted))
    assert.deepEqual([read.properties.subject, read.properties.isRead, read.properties.isDraft], ['New', false, false])
    assert.equal(read.properties.dateTimeReceived, 1_800_000_000_000)
    assert.deepEqual(
      paths.map((path) => read.extended[extendedKey(path)]?.value),
      [0, 'mine', made.ref.id, 'New', 'About Old.'],
    )
    await mailboxes.updateItem(
      mary.caller,
      made.ref,
      [
        { op: 'set', path: { extended: flags }, value: { type: 'Integer', value: 1 } },
        { op: 'set', path: { extended: { tag: 0x1090, type: 'Integer' } }, value: { type: 'Integer', value: 2 } },
        { op: 'delete', path: { extended: custom } },
      ],
      anyway,
    )
    const after = only(await mailboxes.getItems(mary.caller, [made.ref], wanted))
    assert.deepEqual([after.properties.isRead, after.properties.flag], [true, { status: 'Flagged' }])
    assert.equal(after.extended[extendedKey(custom)], undefined)
  })

  test(`tasks and contacts follow their rules (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, clock } = site
    const all = async (kind: 'task' | 'contact', properties: Properties) => {
      const folder = { mailbox: mary.mailbox, kind: kind === 'task' ? 'tasks' : 'contacts' }
      const item = await mailboxes.createItem(mary.caller, folder, { kind, properties })
      return { ref: item.ref, properties: only(await mailboxes.getItems(mary.caller, [item.ref], { shape: 'all' })).properties }
    }
    const done = await all('task', { subject: 't', percentComplete: 40, status: 'Completed' })
    assert.deepEqual([done.properties.percentComplete, done.properties.completeDate, done.properties.isComplete], [100, clock.now, true])
    const half = await all('task', { subject: 't', percentComplete: 40 })
    assert.deepEqual(
      [half.properties.status, half.properties.statusDescription, half.properties.owner],
      ['InProgress', 'In Progress', 'Mary Baker'],
    )
    await mailboxes.updateItem(mary.caller, half.ref, [set('completeDate', clock.now)], anyway)
    assert.equal(only(await mailboxes.getItems(mary.caller, [half.ref], { shape: 'all' })).properties.status, 'Completed')
    await assert.rejects(all('task', { percentComplete: 101 }), refusal('ValueOutOfRange'))
    const { properties, ref } = await all('contact', {
      givenName: 'Ada',
      surname: 'King',
      fileAsMapping: 'LastCommaFirst',
      emailAddresses: { EmailAddress1: { address: 'ada@contoso.com' } },
      phoneNumbers: { MobilePhone: '1' },
    })
    assert.deepEqual([properties.displayName, properties.fileAs, properties.subject], ['Ada King', 'King, Ada', 'Ada King'])
    assert.deepEqual(properties.completeName, { firstName: 'Ada', lastName: 'King', fullName: 'Ada King' })
    await mailboxes.updateItem(
      mary.caller,
      ref,
      [
        { op: 'set', path: { property: 'phoneNumbers', key: 'HomePhone' }, value: '2' },
        { op: 'set', path: { property: 'physicalAddresses', key: 'Home', part: 'city' }, value: 'Rome' },
        { op: 'delete', path: { property: 'phoneNumbers', key: 'MobilePhone' } },
      ],
      anyway,
    )
    const city = { tag: 0x3a59, type: 'String' } as const
    const after = only(await mailboxes.getItems(mary.caller, [ref], { shape: 'all', paths: [{ extended: city }], mime: true }))
    assert.deepEqual([after.properties.phoneNumbers, after.properties.physicalAddresses], [{ HomePhone: '2' }, { Home: { city: 'Rome' } }])
    assert.equal(after.extended[extendedKey(city)]?.value, 'Rome')
    assert.match(Buffer.from(String(after.properties.mimeContent), 'base64').toString(), /BEGIN:VCARD[^]*Ada/)
  })

  test(`items move and copy, across mailboxes too (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, directory, organisation } = site
    const made = await mailboxes.createItem(mary.caller, draft(mary.mailbox), {
      ...note('One'),
      attachments: [{ kind: 'file', name: 'a.bin', content: Buffer.from('abc') }],
    })
    const copy = await mailboxes.copyItem(mary.caller, made.ref, { mailbox: mary.mailbox, kind: 'archive' })
    const moved = await mailboxes.moveItem(mary.caller, made.ref, { mailbox: mary.mailbox, kind: 'inbox' })
    assert.notEqual(moved.ref.id, made.ref.id)
    await assert.rejects(mailboxes.moveItem(mary.caller, moved.ref, { mailbox: rob.mailbox, kind: 'inbox' }), refusal('AccessDenied'))
    await directory.update(organisation, rob.recipient.id, { fullAccess: [mary.recipient.id] })
    const across = await mailboxes.moveItem(mary.caller, moved.ref, { mailbox: rob.mailbox, kind: 'inbox' })
    const seen = only(await mailboxes.getItems(rob.caller, [across.ref], { shape: 'all' }))
    assert.equal(seen.properties.subject, 'One')
    const file = await mailboxes.getAttachment(rob.caller, across.ref, [1])
    assert.equal(Buffer.from(file.content ?? []).toString(), 'abc')
    assert.equal(Buffer.from((await mailboxes.getAttachment(mary.caller, copy.ref, [1])).content ?? []).toString(), 'abc')
    const inbox = await mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'inbox' })
    assert.equal(inbox.row.total, 0)
  })

  test(`mail is delivered byte for byte, joins its conversation, counts as unread (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, organisation, clock } = site
    const deliver = (mime: Buffer) =>
      mailboxes.deliver(organisation, mary.mailbox, {
        mime,
        recipient: 'mary@contoso.com',
        sender: 'bob@fabrikam.com',
        receivedAt: clock.now,
      })
    const first = mail({ subject: 'Plan', id: '1@fabrikam.com' })
    const ids = [
      await deliver(first),
      await deliver(mail({ subject: 'Re: Plan', id: '2@fabrikam.com', headers: 'In-Reply-To: <1@fabrikam.com>\r\n' })),
      await deliver(mail({ subject: 'Re: Plan', id: '3@fabrikam.com', headers: 'In-Reply-To: <2@fabrikam.com>\r\n' })),
    ]
    const items = []
    for (const id of ids)
      items.push(only(await mailboxes.getItems(mary.caller, [{ mailbox: mary.mailbox, id }], { shape: 'all', mime: true })))
    const [one] = items
    assert.ok(one)
    assert.deepEqual(Buffer.from(String(one.properties.mimeContent), 'base64'), first)
    assert.equal(new Set(items.map((item) => item.properties.conversationId)).size, 1)
    assert.deepEqual([one.properties.isRead, one.properties.isDraft, one.properties.dateTimeSent], [false, false, Date.UTC(2030, 0, 7, 8)])
    assert.deepEqual(one.properties.receivedBy, { name: 'Mary Baker', address: 'mary@contoso.com', routingType: 'SMTP' })
    const inbox = () => mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'inbox' })
    assert.equal((await inbox()).row.unread, 3)
    await mailboxes.updateItem(mary.caller, one.ref, [set('isRead', true)], anyway)
    assert.equal((await inbox()).row.unread, 2)
    await mailboxes.markAllRead(mary.caller, { mailbox: mary.mailbox, kind: 'inbox' }, true)
    assert.equal((await inbox()).row.unread, 0)
    await assert.rejects(
      mailboxes.updateItem(mary.caller, one.ref, [set('toRecipients', [])], anyway),
      refusal('InvalidPropertyUpdateSentMessage'),
    )
    await mailboxes.updateItem(mary.caller, one.ref, [set('categories', ['Blue'])], anyway)
    const kept = only(await mailboxes.getItems(mary.caller, [one.ref], { shape: 'ids', mime: true }))
    assert.deepEqual(Buffer.from(String(kept.properties.mimeContent), 'base64'), first)
    await mailboxes.updateItem(mary.caller, one.ref, [set('subject', 'Changed')], anyway)
    const stale = only(await mailboxes.getItems(mary.caller, [one.ref], { shape: 'all', mime: true }))
    assert.match(Buffer.from(String(stale.properties.mimeContent), 'base64').toString(), /Subject: Changed\r\n/)
    const headers = stale.properties.internetMessageHeaders as { name: string; value: string }[]
    assert.ok(headers.some(({ name, value }) => name === 'Message-ID' && value === '<1@fabrikam.com>'))
    const anew = mail({ subject: 'Anew', body: 'Other words.' })
    await mailboxes.updateItem(mary.caller, one.ref, [set('mimeContent', anew.toString('base64'))], anyway)
    const replaced = only(await mailboxes.getItems(mary.caller, [one.ref], { shape: 'default', mime: true }))
    assert.deepEqual([replaced.properties.subject, Buffer.from(String(replaced.properties.mimeContent), 'base64')], ['Anew', anew])
    await mailboxes.saveSettings(mary.caller, mary.mailbox, { quota: 0 })
    await assert.rejects(deliver(first), refusal('QuotaExceeded'))
  })

  test(`attachments are added, read, nested and removed (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const made = await mailboxes.createItem(mary.caller, draft(mary.mailbox), note('Holder'))
    const added = await mailboxes.createAttachments(mary.caller, made.ref, [
      {
        kind: 'file',
        name: 'pic.png',
        contentType: 'image/png',
        contentId: 'pic',
        inline: true,
        content: Buffer.from('png').toString('base64'),
      },
      {
        kind: 'item',
        item: {
          ...note('Inner'),
          attachments: [{ kind: 'item', item: { ...note('Deep'), attachments: [{ kind: 'file', name: 'f', content: Buffer.from('x') }] } }],
        },
      },
    ])
    assert.deepEqual(added.attachments.map((row) => [row.number, row.kind, row.name]), [[1, 'file', 'pic.png'], [2, 'item', 'Inner']]) // prettier-ignore
    assert.ok(added.item.head.change > made.head.change)
    assert.equal(added.item.head.hasAttachments, true)
    const inner = await mailboxes.getAttachment(mary.caller, made.ref, [2])
    assert.equal(inner.item?.properties.subject, 'Inner')
    assert.deepEqual(inner.item?.properties.body, { type: 'Text', value: 'About Inner.' })
    const deep = await mailboxes.getAttachment(mary.caller, made.ref, [2, 1], { shape: 'all', mime: true })
    assert.equal(deep.item?.properties.subject, 'Deep')
    assert.match(Buffer.from(String(deep.item?.properties.mimeContent), 'base64').toString(), /Subject: Deep/)
    assert.equal(Buffer.from((await mailboxes.getAttachment(mary.caller, made.ref, [2, 1, 1])).content ?? []).toString(), 'x')
    await assert.rejects(mailboxes.getAttachment(mary.caller, made.ref, [3]), refusal('InvalidAttachmentId'))
    await assert.rejects(
      mailboxes.createAttachments(mary.caller, made.ref, [{ kind: 'file', name: 'b', contentId: 'PIC', content: '' }]),
      refusal('InvalidArgument'),
    )
    const meeting: NewItemInput = { kind: 'meetingRequest', properties: { subject: 'm' } }
    await assert.rejects(
      mailboxes.createAttachments(mary.caller, made.ref, [{ kind: 'item', item: meeting }]),
      refusal('InvalidItemForOperationCreateItemAttachment'),
    )
    const left = await mailboxes.deleteAttachment(mary.caller, made.ref, [2])
    assert.equal(left.head.hasAttachments, false)
  })
}

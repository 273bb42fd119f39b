import assert from 'node:assert/strict'
import test from 'node:test'
import { permissionLevels } from '#model'
import type { WebApi } from '#protocols/web'
import { quickEngines } from '../support/engines.ts'
import { arrived, marys, withFile } from './mailbox.ts'
import { openWindow, type Window } from './window.ts'

for (const engine of quickEngines) {
  test(`lists come in pages, narrowed and searched as people write it (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, list, subjects, act } = all
    const now = Date.now()
    const ids: number[] = []
    const times = Array.from({ length: 5 }, (_, at) => now - 60_000 * at)
    for (const [at, time] of times.entries()) ids.push(await arrived(site, { subject: `Report ${at}`, at: time }))
    // Of the day in UTC, the zone of a mailbox that chose none: soon after midnight not all of them.
    const midnight = new Date(now).setUTCHours(0, 0, 0, 0)
    const old = now - 40 * 86_400_000
    await arrived(site, { subject: 'Tides', ...withFile, from: 'Ann Beebe <ann@contoso.com>', at: old })
    const first = await list('inbox', { limit: 2 })
    const second = await list('inbox', { offset: 2, limit: 2 })
    assert.deepEqual([first.total, second.total], [6, 6])
    assert.deepEqual([...first.messages, ...second.messages].map(({ subject }) => subject), ['Report 0', 'Report 1', 'Report 2', 'Report 3']) // prettier-ignore
    assert.deepEqual(await subjects('inbox', { offset: 1000 }), [])

    await act([ids[1]!], { do: 'read', isRead: true })
    await act([ids[2]!], { do: 'flag', status: 'Flagged' })
    assert.equal((await list('inbox', { filter: 'unread' })).total, 5)
    assert.deepEqual(await subjects('inbox', { filter: 'flagged' }), ['Report 2'])
    assert.deepEqual(await subjects('inbox', { filter: 'attachments' }), ['Tides'])
    assert.equal((await list('inbox', { filter: 'toMe' })).total, 6)

    const answers: readonly [query: string, subjects: number][] = [
      ['report', 5],
      ['subject:tides', 1],
      ['from:ann', 1],
      ['from:"Rob Young" report', 5],
      ['hasattachment:yes', 1],
      ['isread:no', 5],
      ['is:unread', 5],
      ['received:today', times.filter((time) => time >= midnight).length],
      ['report NOT subject:"Report 3"', 4],
      ['from:ann OR subject:"Report 1"', 2],
      [`received<${new Date(now - 30 * 86_400_000).toISOString().slice(0, 10)}`, 1],
      ['nothing', 0],
    ]
    for (const [query, count] of answers) assert.equal((await list('inbox', { query })).total, count, query)
    assert.deepEqual(await subjects('inbox', { query: 'report', filter: 'flagged' }), ['Report 2'])
    await act([ids[3]!], { do: 'move', to: all.folder('archive') })
    assert.equal((await list('inbox', { query: 'report' })).total, 4)
    assert.equal((await list('inbox', { query: 'report', everywhere: true })).total, 5)
  })

  test(`conversations gather what belongs together, from all folders (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox, list, act } = all
    const at = Date.now() - 60_000
    await arrived(site, { subject: 'Tides', headers: 'Message-ID: <one@contoso.com>\r\n', at })
    const reply = await arrived(site, { subject: 'RE: Tides', headers: 'Message-ID: <two@contoso.com>\r\nIn-Reply-To: <one@contoso.com>\r\nReferences: <one@contoso.com>\r\n', at: at + 1000 }) // prettier-ignore
    await arrived(site, { subject: 'Alone', at: at - 1000 })
    const { messages, total } = await list('inbox', { conversations: true })
    assert.deepEqual([total, ...messages.map((row) => [row.subject, row.messages, row.items.length])], [2, ['Tides', 2, 2], ['Alone', 1, 1]]) // prettier-ignore
    const conversation = messages[0]!.conversation!
    await act([reply], { do: 'move', to: all.folder('archive') })
    const shown = await mary.ask('conversation', { mailbox, conversation })
    assert.deepEqual(
      shown.messages.map(({ subject, folder }) => [subject, folder === messages[0]!.folder]),
      [
        ['RE: Tides', false],
        ['Tides', false],
      ],
    )
    assert.equal((await list('inbox', { conversations: true, query: 'alone' })).messages[0]!.subject, 'Alone')
    assert.equal((await list('inbox', { conversations: true, everywhere: true })).messages[0]!.items.length, 2)
    assert.equal((await list('inbox', { conversations: true, filter: 'unread', limit: 1 })).total, 2)
    assert.equal(await mary.refusal('conversation', { mailbox, conversation: '0'.repeat(32) }), 'ItemNotFound')
    assert.equal(await mary.refusal('conversation', { mailbox, conversation: 'x' }), 'SchemaValidation')
  })

  test(`a message is read, with its header and its source as they came (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox } = all
    const id = await arrived(site, { subject: 'Tides', ...withFile, headers: `X-Port: Kiel\r\nImportance: high\r\n${withFile.headers}` })
    const item = { mailbox, id }
    const read = await mary.ask('message', { item })
    assert.deepEqual(
      [read.subject, read.from?.address, read.to.map(({ address }) => address), read.importance, read.isRead, read.rights],
      ['Tides', 'rob@contoso.com', ['mary@contoso.com'], 'High', false, { modify: true, delete: true }],
    )
    assert.deepEqual(
      read.attachments.map(({ name, kind }) => [name, kind]),
      [['tides.txt', 'file']],
    )
    const { headers, size, itemClass } = await mary.ask('messageDetails', { item })
    assert.deepEqual([headers.find(({ name }) => name === 'X-Port')?.value, itemClass], ['Kiel', 'IPM.Note'])
    assert.ok(size! > 100)
    const source = await mary.browser.request(`/owa/source/${mailbox}/${id}`)
    assert.equal(source.status, 200)
    assert.match(source.body, /^From: Rob Young <rob@contoso\.com>\r\n[^]*X-Port: Kiel[^]*\r\nhigh\r\n/)
    assert.match(String(source.headers['content-disposition']), /^attachment; filename="message-\d+\.eml"$/)
    assert.match(String(source.headers['content-security-policy']), /sandbox/)
    const print = await mary.browser.request(`/owa/frame/${mailbox}/${id}?print=1`)
    assert.match(print.body, /<h1>Tides<\/h1>[^]*Rob Young &lt;rob@contoso\.com&gt;[^]*See the file/)
    const gone = { mailbox, id: id + 100_000 }
    for (const name of ['message', 'messageDetails']) assert.equal(await mary.refusal(name, { item: gone }), 'ItemNotFound')
    assert.equal((await mary.browser.request(`/owa/source/${mailbox}/${gone.id}`)).status, 404)
  })

  test(`in the dark a body is light on dark, and its bytes stay as they are (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox } = all
    const html = '<body bgcolor="white"><p>Plain</p><font color="#000080">navy</font> <font color="red" size="4">red</font> <font color="black">black</font> <font color="url(x)">odd</font> <font color="#ffff99">pale</font></body>' // prettier-ignore
    const id = await arrived(site, { subject: 'Colours', headers: 'Content-Type: text/html\r\n', body: html })
    const frame = async (query: string) => (await mary.browser.request(`/owa/frame/${mailbox}/${id}${query}`)).body
    const [asSent, dark] = [await frame(''), await frame('?dark=1')]
    assert.match(asSent, /bgcolor="white"[^]*color="#000080"/)
    assert.doesNotMatch(asSent, /color-scheme/)
    assert.match(dark, /^<style>:root\{color-scheme:dark/)
    assert.deepEqual([...dark.matchAll(/<font[^>]*>(\w+)/g)].map(([tag, word]) => [word, /color="([^"]*)"/.exec(tag)?.[1]]), [['navy', '#b4b4da'], ['red', '#ff8f8f'], ['black', undefined], ['odd', undefined], ['pale', '#ffff99']]) // prettier-ignore
    assert.doesNotMatch(await frame('?dark=1&print=1'), /color-scheme/)
    assert.match((await mary.browser.request(`/owa/source/${mailbox}/${id}`)).body, /<font color="#000080">navy/)
    const words = await arrived(site, { subject: 'Words', headers: 'Content-Type: text/html\r\n', body: '<p>use color="inherit" here</p>' })
    assert.match((await mary.browser.request(`/owa/frame/${mailbox}/${words}?dark=1`)).body, /use color="inherit" here/)
    const text = await arrived(site, { subject: 'Text', body: 'Only <text>' })
    assert.match((await mary.browser.request(`/owa/frame/${mailbox}/${text}?dark=1`)).body, /^<style>[^]*Only &lt;text&gt;/)
  })

  test(`a message within a message is opened as one, a PDF alone comes to be looked at (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox } = all
    const part = (type: string, name: string, body: string) =>
      `Content-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${body}\r\n`
    const letter = `From: Ann <ann@contoso.com>\r\nTo: rob@contoso.com\r\nSubject: A letter\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nWithin\r\n--y\r\n${part('text/plain', 'tide.txt', 'high')}--y--\r\n`
    const body = `--x\r\n\r\nSee.\r\n--x\r\n${part('message/rfc822', 'letter.eml', letter)}--x\r\n${part('application/pdf', 'plan.pdf', '%PDF-1.4 plan')}--x\r\n${part('application/pdf', 'no.pdf', '<script>x()</script>')}--x--\r\n`
    const id = await arrived(site, { subject: 'Files', headers: withFile.headers, body })
    const item = { mailbox, id }
    const numberOf = new Map(
      (await mary.ask('message', { item })).attachments.map(({ kind, name, number }) => [kind === 'item' ? 'letter' : name, number]),
    )
    const at = numberOf.get('letter')!
    const opened = await mary.ask('attachedMessage', { item, path: [at] })
    assert.deepEqual([opened.subject, opened.from?.address, opened.to.map(({ address }) => address)], ['A letter', 'ann@contoso.com', ['rob@contoso.com']]) // prettier-ignore
    const [tide] = opened.attachments
    assert.equal(tide?.name, 'tide.txt')
    assert.equal((await mary.browser.request(`/owa/attachment/${mailbox}/${id}/${at}/${tide.number}`)).body.trim(), 'high')
    assert.match((await mary.browser.request(`/owa/frame/${mailbox}/${id}/${at}?dark=1`)).body, /^<style>[^]*Within/)
    assert.equal(await mary.refusal('attachedMessage', { item, path: [numberOf.get('plan.pdf')!] }), 'ItemNotFound')
    assert.equal(await mary.refusal('attachedMessage', { item, path: [99] }), 'InvalidAttachmentId')
    for (const path of [[], [0], Array.from({ length: 11 }, () => 1)]) assert.equal(await mary.refusal('attachedMessage', { item, path }), 'SchemaValidation') // prettier-ignore
    const look = async (name: string, query: string) => {
      const { headers } = await mary.browser.request(`/owa/attachment/${mailbox}/${id}/${numberOf.get(name)}${query}`)
      return [
        headers['content-type'],
        String(headers['content-disposition']).split(';')[0],
        /sandbox/.test(String(headers['content-security-policy'])),
      ]
    }
    assert.deepEqual(await look('plan.pdf', '?view=1'), ['application/pdf', 'inline', false])
    assert.deepEqual(await look('plan.pdf', ''), ['application/pdf', 'attachment', true])
    assert.deepEqual(await look('no.pdf', '?view=1'), ['application/pdf', 'attachment', true])
  })

  test(`messages are flagged, categorized, moved and deleted, each with an outcome of its own (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox, list, subjects, act, folder } = all
    const ids: number[] = []
    for (let at = 0; at < 4; at++) ids.push(await arrived(site, { subject: `Report ${at}`, at: Date.now() - 1000 * at }))
    const [one, two, three, four] = ids as [number, number, number, number]
    await act([one, two], { do: 'categorize', categories: ['Blue category', 'Kiel'] })
    await act([two], { do: 'categorize', categories: [] })
    await act([one], { do: 'flag', status: 'Complete' })
    await act([one], { do: 'importance', importance: 'Low' })
    const rows = (await list('inbox')).messages
    assert.deepEqual(
      rows.slice(0, 2).map(({ categories, flag, importance }) => [categories, flag, importance]),
      [
        [['Blue category', 'Kiel'], 'Complete', 'Low'],
        [[], 'NotFlagged', 'Normal'],
      ],
    )
    // What one refuses keeps nothing from the others.
    const { outcomes } = await act([one, 999_999], { do: 'move', to: folder('archive') })
    assert.deepEqual([outcomes.length, outcomes[0]!.error, outcomes[1]!.error?.code], [2, undefined, 'ItemNotFound'])
    assert.deepEqual((await list('archive')).messages.map(({ ref }) => ref.id), [outcomes[0]!.now!.id]) // prettier-ignore
    await act([outcomes[0]!.now!.id], { do: 'copy', to: folder('inbox') })
    assert.deepEqual([await subjects('archive'), (await list('inbox')).total], [['Report 0'], 4])
    await act([two], { do: 'delete', forGood: false })
    assert.deepEqual(await subjects('deleteditems'), ['Report 1'])
    await act([three], { do: 'delete', forGood: true })
    assert.deepEqual(await subjects('deleteditems'), ['Report 1'])
    const junk = await act([four], { do: 'junk', junk: true })
    assert.deepEqual(await subjects('junkemail'), ['Report 3'])
    const blocked = async () => (await site.mailboxes.settings(await site.caller('mary'), mailbox)).junkEmail
    assert.deepEqual(await blocked(), { BlockedSendersAndDomains: ['rob@contoso.com'] })
    await act([junk.outcomes[0]!.now!.id], { do: 'junk', junk: false })
    assert.deepEqual([await subjects('inbox'), await blocked()], [['Report 3', 'Report 0'].toSorted((a, b) => (a < b ? -1 : 1)), { BlockedSendersAndDomains: [] }]) // prettier-ignore
    const items = [{ mailbox, id: one }]
    for (const action of [{ do: 'explode' }, { do: 'categorize', categories: Array.from({ length: 26 }, String) }, { do: 'flag', status: 'x' }, { do: 'delete' }]) {
      assert.equal(await mary.refusal('actOnMessages', { items, action }), 'SchemaValidation', JSON.stringify(action))
    } // prettier-ignore
    assert.equal(await mary.refusal('actOnMessages', { items: [], action: { do: 'read', isRead: true } }), 'SchemaValidation')
    const many = Array.from({ length: 201 }, () => items[0])
    assert.equal(await mary.refusal('actOnMessages', { items: many, action: { do: 'read', isRead: true } }), 'SchemaValidation')
  })

  test(`folders are made, renamed, moved, emptied and deleted (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox, list, folder } = all
    const on = (ref: WebApi['actOnFolder']['input']['folder'], action: WebApi['actOnFolder']['input']['action']) =>
      mary.ask('actOnFolder', { folder: ref, action })
    const made = (await on(folder('inbox'), { do: 'create', name: ' Bridges ' })).folder!
    const named = async (id: number) => (await mary.ask('findFolders', {})).folders.find(({ ref }) => ref.id === id)
    assert.deepEqual([(await named(made.id))?.name, (await named(made.id))?.kind], ['Bridges', ''])
    assert.equal(await mary.refusal('actOnFolder', { folder: folder('inbox'), action: { do: 'create', name: 'Bridges' } }), 'FolderExists')
    assert.equal(await mary.refusal('actOnFolder', { folder: folder('inbox'), action: { do: 'create', name: '  ' } }), 'SchemaValidation')
    await on(made, { do: 'rename', name: 'Tunnels' })
    await on(made, { do: 'move', to: folder('archive') })
    const archive = (await mary.ask('findFolders', {})).folders.find(({ kind }) => kind === 'archive')!
    assert.deepEqual([(await named(made.id))?.name, (await named(made.id))?.parent], ['Tunnels', archive.ref.id])
    const ids = [await arrived(site, { subject: 'One' }), await arrived(site, { subject: 'Two' })]
    await all.act(ids, { do: 'move', to: made })
    assert.equal((await named(made.id))?.unread, 2)
    await on(made, { do: 'markAllRead', isRead: true })
    assert.deepEqual([(await named(made.id))?.unread, (await named(made.id))?.total], [0, 2])
    await on(made, { do: 'empty', forGood: false })
    assert.deepEqual([(await named(made.id))?.total, (await list('deleteditems')).total], [0, 2])
    await on(folder('deleteditems'), { do: 'empty', forGood: true })
    assert.equal((await list('deleteditems')).total, 0)
    await on(made, { do: 'delete', forGood: false })
    const trash = (await mary.ask('findFolders', {})).folders.find(({ kind }) => kind === 'deleteditems')!
    assert.equal((await named(made.id))?.parent, trash.ref.id)
    await on(made, { do: 'delete', forGood: true })
    assert.equal(await named(made.id), undefined)
    for (const action of [
      { do: 'rename', name: 'Mine' },
      { do: 'delete', forGood: true },
      { do: 'move', to: folder('archive') },
    ] as const) {
      assert.notEqual(await mary.refusal('actOnFolder', { folder: folder('inbox'), action }), '500', action.do)
    }
    assert.equal(await mary.refusal('actOnFolder', { folder: made, action: { do: 'markAllRead', isRead: true } }), 'FolderNotFound')
    assert.equal(await mary.refusal('findMessages', { folder: { mailbox, kind: 'nowhere' }, offset: 0, limit: 1 }), 'FolderNotFound')
  })

  test(`another's mail is refused without rights, and shown as far as they go (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mailbox, folder } = all
    const id = await arrived(site, { subject: 'Private' })
    const rob = await openWindow(site, 'rob')
    const item = { mailbox, id }
    const read = { do: 'read', isRead: true } as const
    await refusedAll(rob, { item, folder: folder('inbox') })
    assert.match(
      String((await rob.ask('actOnMessages', { items: [item], action: read })).outcomes[0]!.error?.code),
      /^(AccessDenied|ItemNotFound)$/,
    )
    for (const path of ['frame', 'source', 'attachment']) {
      const { status } = await rob.browser.request(`/owa/${path}/${mailbox}/${id}${path === 'attachment' ? '/1' : ''}`)
      assert.ok([403, 404].includes(status), `${path}: ${status}`)
    }
    // A reader sees the folder, and changes nothing in it.
    const rights = permissionLevels.Reviewer
    await site.mailboxes.changeFolderPermission(await site.caller('mary'), folder('inbox'), {
      user: site.people.rob!.id,
      how: 'add',
      rights,
    })
    const { messages } = await rob.ask('findMessages', { folder: folder('inbox'), offset: 0, limit: 10 })
    assert.deepEqual(messages.map(({ subject }) => subject), ['Private']) // prettier-ignore
    assert.deepEqual((await rob.ask('message', { item })).rights, { modify: false, delete: false })
    for (const action of [read, { do: 'delete', forGood: true }, { do: 'move', to: { mailbox: site.people.rob!.mailbox, kind: 'inbox' } }] as const) {
      assert.equal((await rob.ask('actOnMessages', { items: [item], action })).outcomes[0]!.error?.code, 'AccessDenied', action.do)
    } // prettier-ignore
    assert.equal(await rob.refusal('findMessages', { folder: folder('drafts'), offset: 0, limit: 1 }), 'AccessDenied')
    // Who has the whole mailbox works in it as its owner does.
    const sales = site.people.sales!.mailbox
    const kinds = (await rob.ask('findFolders', { mailbox: sales })).folders.map(({ kind }) => kind)
    assert.ok(kinds.includes('inbox') && kinds.includes('deleteditems'))
  })

  test(`what is malformed is refused in its own words, and nothing breaks (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { mary, mailbox, folder } = all
    const list = { folder: folder('inbox'), offset: 0, limit: 10 }
    const malformed: readonly [name: string, input: unknown][] = [
      ['findMessages', { ...list, limit: 0 }],
      ['findMessages', { ...list, limit: 201 }],
      ['findMessages', { ...list, offset: -1 }],
      ['findMessages', { ...list, offset: 1.5 }],
      ['findMessages', { ...list, query: 'x'.repeat(1001) }],
      ['findMessages', { ...list, filter: 'everything' }],
      ['findMessages', { ...list, folder: { mailbox, id: 2 ** 60 } }],
      ['findMessages', { ...list, folder: { mailbox: 'x'.repeat(200), kind: 'inbox' } }],
      ['message', { item: { mailbox, id: '1 or 1=1' } }],
      ['message', { item: { mailbox, id: -1 } }],
      ['message', {}],
      ['actOnFolder', { folder: folder('inbox'), action: { do: 'create', name: 'x'.repeat(256) } }],
      ['actOnFolder', { folder: folder('inbox'), action: { do: 'vanish' } }],
      ['saveMailView', { readingPane: 'left' }],
      ['saveMailView', { picturesFrom: 'x'.repeat(321) }],
    ]
    for (const [name, input] of malformed) assert.equal(await mary.refusal(name, input), 'SchemaValidation', JSON.stringify(input).slice(0, 80)) // prettier-ignore
    const elsewhere = { mailbox: "no'such", kind: 'inbox' }
    assert.match(
      await mary.refusal('findMessages', { ...list, folder: elsewhere }),
      /^(NonExistentMailbox|AccessDenied|FolderNotFound|MailboxNotFound)$/,
    )
    assert.match(
      await mary.refusal('message', { item: { mailbox: '../x', id: 1 } }),
      /^(NonExistentMailbox|AccessDenied|ItemNotFound|MailboxNotFound)$/,
    )
    for (const query of ['(', '"', 'AND', 'from:', 'received:never', 'subject:"', 'NOT', '((((((((((a))))))))))', '%_\\', "'; drop table items;--"]) {
      const { status } = await mary.post('findMessages', { ...list, query })
      assert.ok(status < 500, `${query}: ${status}`)
    } // prettier-ignore
    for (const path of ['1', 'x/1', `${mailbox}/0`, `${mailbox}/1e3`, `${mailbox}/99999999999999999999`, `${mailbox}/1/1/1/1/1/1/1/1/1/1/1/1`]) {
      for (const name of ['attachment', 'source', 'frame']) {
        const { status } = await mary.browser.request(`/owa/${name}/${path}`)
        assert.ok(status >= 400 && status < 500, `${name}/${path}: ${status}`)
      }
    } // prettier-ignore
  })
}

/** Everything that reads is refused. */
async function refusedAll(window: Window, { item, folder }: { item: { mailbox: string; id: number }; folder: { mailbox: string; kind: string } }) {
  const asked: readonly [name: keyof WebApi, input: unknown][] = [
    ['findFolders', { mailbox: item.mailbox }],
    ['findMessages', { folder, offset: 0, limit: 1 }],
    ['findMessages', { folder, offset: 0, limit: 1, everywhere: true }],
    ['findMessages', { folder, offset: 0, limit: 1, conversations: true }],
    ['message', { item }],
    ['messageDetails', { item }],
    ['actOnFolder', { folder, action: { do: 'empty', forGood: true } }],
    ['actOnFolder', { folder, action: { do: 'create', name: 'Mine' } }],
    ['actOnFolder', { folder, action: { do: 'markAllRead', isRead: true } }],
  ]
  for (const [name, input] of asked) {
    assert.match(await window.refusal(name, input), /^(AccessDenied|ItemNotFound|FolderNotFound)$/, `${name} ${JSON.stringify(input)}`)
  }
} // prettier-ignore

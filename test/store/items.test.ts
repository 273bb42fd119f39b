import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import type { ColumnCondition, ItemOrder, ItemRow, ItemScan, RowScan, SearchText } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

for (const engine of engines) {
  test(`an item comes back as it was stored (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const input = newItem(inbox.id, {
      subject: 'Zwölf Boxkämpfer ✓ 𝒳',
      sent: 5,
      isRead: true,
      properties: { nested: { list: [1, 'two', null, true] }, nul: 'a\0b' },
      extended: { 'tag:6a01': { type: 'Integer', value: 7 } },
    })
    const stored = await store.write((tx) => tx.items.insert(input, 'text'))
    assert.deepEqual(await store.read((tx) => tx.items.get(mailbox, stored.id)), stored)
    assert.deepEqual(stored, { ...input, id: stored.id, change: stored.id, contentChange: stored.id })
    assert.equal(await store.read((tx) => tx.items.get(mailbox, 999)), undefined)
  })

  test(`rows read for some of their columns say those and refuse the others (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const ids: number[] = []
    for (const subject of ['b', 'a', 'c']) {
      const input = newItem(inbox.id, { subject, hasAttachments: subject === 'a', properties: { of: subject } })
      ids.push((await store.write((tx) => tx.items.insert(input, ''))).id)
    }
    const scan: RowScan = { mailbox, folders: [inbox.id], associated: false, order: [{ column: 'subject', descending: false }], limit: 2 }
    const columns = new Set(['subject', 'hasAttachments'] as const)
    const rows = await store.read((tx) => tx.items.rows({ ...scan, columns, skip: 1 }))
    const whole = await store.read((tx) => tx.items.rows({ ...scan, skip: 1 }))
    assert.deepEqual(whole.map((row) => row.id), [ids[0], ids[2]]) // prettier-ignore
    for (const [at, row] of rows.entries()) {
      const full = whole[at] as ItemRow
      for (const name of ['mailbox', 'id', 'folder', 'change', 'kind', 'associated', 'isRead', 'subject', 'hasAttachments'] as const)
        assert.equal(row[name], full[name], name)
      assert.deepEqual(row.properties, full.properties)
      assert.throws(() => row.displayTo, /'displayTo' was not read/)
      assert.throws(() => row.extended, /'extended' was not read/)
    }
    // A column ordered by twice decides once.
    const twice = [...scan.order, { column: 'subject' as const, descending: true }]
    const again = await store.read((tx) => tx.items.rows({ ...scan, order: twice, columns, skip: 1 }))
    assert.deepEqual(again.map((row) => row.subject), ['b', 'c']) // prettier-ignore
  })

  test(`a character that a database cannot hold does not stop an item (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const { id } = await store.write((tx) => tx.items.insert(newItem(inbox.id, { subject: 'a\0b\ud800' }), 'x\0y'))
    const found = await store.read((tx) => tx.items.get(mailbox, id))
    assert.equal(found?.subject.slice(0, 2), 'ab')
  })

  test(`change numbers order everything, and the content number stays when only the read state changes (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const a = await store.write((tx) => tx.items.insert(newItem(inbox.id), ''))
    const b = await store.write((tx) => tx.items.insert(newItem(inbox.id), ''))
    assert.ok(b.change > a.change)
    const read = await store.write((tx) => tx.items.update(mailbox, a.id, { isRead: true }))
    assert.ok(read.change > b.change)
    assert.equal(read.contentChange, a.contentChange)
    const edited = await store.write((tx) => tx.items.update(mailbox, a.id, { isRead: false, subject: 'New' }))
    assert.equal(edited.contentChange, edited.change)
    const since = await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, a.change, 10))
    assert.deepEqual(
      since.map((item) => item.id),
      [b.id, a.id],
    )
    assert.deepEqual(await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, edited.change, 10)), [])
    const row = await store.read((tx) => tx.mailboxes.get(mailbox))
    assert.equal(row?.change, edited.change)
  })

  test(`a move gives a new id, takes the attachments along and leaves a tombstone (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox, archive] = await makeMailbox(store, ['Inbox', 'Archive'])
    const staged = await store.stage(Buffer.from('attached'))
    const attachment = {
      mailbox,
      kind: 'file' as const,
      name: 'plan.txt',
      contentType: 'text/plain',
      contentId: '',
      contentLocation: '',
      inline: false,
      size: 8,
      modified: 1,
      blob: staged.digest,
      photo: false,
    }
    const item = await store.write(async (tx) => {
      const made = await tx.items.insert(newItem(inbox.id), 'words here')
      await tx.blobs.put(mailbox, staged)
      await tx.attachments.insert({ ...attachment, item: made.id })
      await tx.attachments.insert({ ...attachment, item: made.id, name: 'second' })
      await tx.attachments.remove(mailbox, made.id, 2)
      return made
    })
    const moved = await store.write((tx) => tx.items.move(mailbox, item.id, archive.id, 7))
    const copied = await store.write((tx) => tx.items.copy(mailbox, moved.id, inbox.id, 8))
    await store.read(async (tx) => {
      assert.equal(await tx.items.get(mailbox, item.id), undefined)
      assert.equal((await tx.items.get(mailbox, moved.id))?.folder, archive.id)
      assert.deepEqual(await tx.items.removedSince(mailbox, inbox.id, item.change, 9), [
        { id: item.id, folder: inbox.id, change: moved.id },
      ])
      assert.deepEqual(await tx.items.mailboxRemovalsSince(mailbox, moved.id, 9), [])
      for (const id of [moved.id, copied.id]) {
        const [found, ...more] = await tx.attachments.list(mailbox, id)
        assert.deepEqual([found?.name, found?.item, more.length], ['plan.txt', id, 0])
      }
      assert.equal((await tx.attachments.listMany(mailbox, [moved.id, copied.id, item.id])).length, 2)
    })
    // Numbers are never given twice, in the copy neither.
    const third = await store.write((tx) => tx.attachments.insert({ ...attachment, item: copied.id, name: 'third' }))
    assert.equal(third.number, 3)
    await store.write((tx) => tx.items.remove(mailbox, moved.id))
    await store.read(async (tx) => {
      assert.deepEqual(await tx.attachments.list(mailbox, moved.id), [])
      assert.equal(Buffer.from(await tx.blobs.get(mailbox, staged.digest)).toString(), 'attached')
    })
    assert.deepEqual((await store.check()).findings, [])
  })

  test(`refuses what is not there (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected
    await assert.rejects(
      store.write((tx) => tx.items.update(mailbox, 99, { isRead: true })),
      code('ItemNotFound'),
    )
    await assert.rejects(
      store.write((tx) => tx.items.move(mailbox, 99, inbox.id, 1)),
      code('ItemNotFound'),
    )
    await assert.rejects(
      store.write((tx) => tx.items.insert(newItem(77), '')),
      code('FolderNotFound'),
    )
    await assert.rejects(
      store.write((tx) => tx.items.insert({ ...newItem(inbox.id), mailbox: 'nobody' }, '')),
      code('NonExistentMailbox'),
    )
    await assert.rejects(
      store.write((tx) => tx.items.insert(newItem(inbox.id, { body: '0'.repeat(64) }), '')),
      /was not put before/,
    )
    assert.equal((await store.read((tx) => tx.folders.get(mailbox, inbox.id)))?.total, 0)
  })

  test(`pages by key through ties, nulls and mixed directions, and skips by index (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox, other] = await makeMailbox(store, ['Inbox', 'Other'])
    await store.write(async (tx) => {
      for (let n = 0; n < 60; n++) {
        const start = n % 3 === 0 ? null : n % 5
        const subject = ['beta', 'Alpha', 'alpha', '', 'Übung'][n % 5] ?? ''
        const folder = n % 4 === 0 ? other.id : inbox.id
        await tx.items.insert(newItem(folder, { received: n % 7, start, end: start, subject, isRead: n % 2 === 0, size: n }), '')
      }
    })
    const orders: ItemOrder[][] = [
      [],
      [{ column: 'received', descending: true }],
      [{ column: 'received', descending: false }],
      [{ column: 'start', descending: false }],
      [{ column: 'start', descending: true }],
      [{ column: 'subject', descending: false }],
      [{ column: 'isRead', descending: true }],
      [
        { column: 'subject', descending: true },
        { column: 'start', descending: false },
        { column: 'received', descending: true },
      ],
      [{ column: 'id', descending: true }],
    ]
    for (const folders of [[inbox.id], [inbox.id, other.id]]) {
      for (const order of orders) {
        const scan: Omit<ItemScan, 'limit'> = { mailbox, folders, associated: false, order }
        const all = await store.read((tx) => tx.items.heads({ ...scan, limit: 100 }))
        assert.equal(all.length, folders.length === 1 ? 45 : 60)
        const paged: number[] = []
        let after: (string | number | null)[] | undefined
        for (;;) {
          const page = await store.read((tx) => tx.items.heads({ ...scan, limit: 7, ...(after && { after }) }))
          paged.push(...page.map((item) => item.id))
          const last = page.at(-1)
          if (!last) break
          after = await store.read(async (tx) => tx.items.scanKey(last, order))
        }
        const ids = all.map((item) => item.id)
        assert.deepEqual(paged, ids, JSON.stringify(order))
        const skipped = await store.read((tx) => tx.items.heads({ ...scan, skip: 10, limit: 5 }))
        assert.deepEqual(
          skipped.map((item) => item.id),
          ids.slice(10, 15),
        )
        assert.deepEqual(await store.read((tx) => tx.items.heads({ ...scan, skip: 100, limit: 5 })), [])
        const rows = await store.read((tx) => tx.items.rows({ ...scan, limit: 3 }))
        assert.deepEqual(
          rows.map((item) => [item.id, item.properties]),
          ids.slice(0, 3).map((id) => [id, { culture: 'en-US' }]),
        )
      }
    }
    // Null comes first when ascending; text is ordered without regard to case.
    const byStart = await store.read((tx) =>
      tx.items.heads({ mailbox, folders: [inbox.id], associated: false, order: [{ column: 'start', descending: false }], limit: 1 }),
    )
    assert.equal(byStart[0]?.start, null)
    const bySubject = await store.read((tx) =>
      tx.items.heads({ mailbox, folders: [inbox.id], associated: false, order: [{ column: 'subject', descending: false }], limit: 60 }),
    )
    assert.deepEqual([...new Set(bySubject.map((item) => item.subject.toLowerCase()))], ['', 'alpha', 'beta', 'übung'])
  })

  test(`conditions on columns mean what they say (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    await store.write(async (tx) => {
      await tx.items.insert(newItem(inbox.id, { subject: '100% of_plan', size: 1, isRead: true, start: 5, end: 6 }), '')
      await tx.items.insert(newItem(inbox.id, { subject: 'Plan B', size: 2 }), '')
      await tx.items.insert(newItem(inbox.id, { subject: 'ÄRGER "quoted" \\ \' ; drop', size: 3, start: 9, end: 9 }), '')
    })
    const sizes = async (where: ItemScan['where']) => {
      const scan = { mailbox, folders: [inbox.id], associated: false, ...(where && { where }) }
      const heads = await store.read((tx) => tx.items.heads({ ...scan, order: [], limit: 10 }))
      assert.equal(await store.read((tx) => tx.items.count(scan)), heads.length)
      return heads.map((item) => item.size)
    }
    assert.deepEqual(await sizes(undefined), [1, 2, 3])
    assert.deepEqual(await sizes({ column: 'isRead', is: '=', value: false }), [2, 3])
    assert.deepEqual(await sizes({ column: 'isRead', is: '=', value: true }), [1])
    assert.deepEqual(await sizes({ column: 'subject', contains: 'PLAN' }), [1, 2])
    assert.deepEqual(await sizes({ column: 'subject', contains: 'plan', prefix: true }), [2])
    assert.deepEqual(await sizes({ column: 'subject', contains: '0% OF_' }), [1])
    assert.deepEqual(await sizes({ column: 'subject', contains: 'ärger' }), [3])
    assert.deepEqual(await sizes({ column: 'subject', contains: `\\ ' ;` }), [3])
    assert.deepEqual(await sizes({ column: 'start', is: '<', value: 9 }), [1])
    assert.deepEqual(await sizes({ not: { column: 'start', is: '<', value: 9 } }), [2, 3])
    assert.deepEqual(await sizes({ column: 'start', is: '<>', value: 5 }), [2, 3])
    assert.deepEqual(await sizes({ column: 'start', is: '=', value: null }), [2])
    assert.deepEqual(await sizes({ column: 'size', in: [1, 3, 8] }), [1, 3])
    assert.deepEqual(await sizes({ column: 'size', in: [] }), [])
    assert.deepEqual(await sizes({ and: [] }), [1, 2, 3])
    assert.deepEqual(await sizes({ or: [] }), [])
    assert.deepEqual(
      await sizes({ or: [{ column: 'size', is: '>=', value: 3 }, { and: [{ column: 'size', is: '=', value: 1 }] }] }),
      [1, 3],
    )
  })

  test(`words find items by prefix, whatever the query says (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const [foreign] = await makeMailbox(store, ['Inbox'], '11111111-2222-3333-4444-555555555555')
    const ids = await store.write(async (tx) => {
      const made = []
      for (const [subject, text] of [
        ['Café opening', 'The quick brown fox; 2nd floor'],
        ['Budget', 'quickly rising costs für Übermut'],
        ['会議の予定', '東京タワー'],
      ] as const) {
        made.push((await tx.items.insert(newItem(inbox.id, { subject }), text)).id)
      }
      await tx.items.insert({ ...newItem(foreign.id), mailbox: '11111111-2222-3333-4444-555555555555' }, 'quick')
      return made
    })
    const find = async (words: string) => {
      const scan = { mailbox, folders: [inbox.id], associated: false, where: { words }, order: [], limit: 10 }
      return (await store.read((tx) => tx.items.heads(scan))).map((item) => ids.indexOf(item.id))
    }
    assert.deepEqual(await find('quick'), [0, 1])
    assert.deepEqual(await find('QUICK brow'), [0])
    assert.deepEqual(await find('cafe'), [0])
    assert.deepEqual(await find('ubermut'), [1])
    assert.deepEqual(await find('東京'), [2])
    assert.deepEqual(await find('予定'), [2])
    assert.deepEqual(await find('uick'), [])
    for (const nasty of ['" OR "', "quick' | 'x", 'NEAR(a b)', 'words : quick', '*', '!quick & (', 'quick"*', "\\'"]) await find(nasty)
    assert.deepEqual(await find('- "'), [0, 1, 2])
    assert.deepEqual(await find('quick" OR words:budget'), [])
    // Text given anew replaces the old; absent it stays.
    await store.write((tx) => tx.items.update(mailbox, ids[0] ?? 0, { size: 5 }))
    assert.deepEqual(await find('brown'), [0])
    await store.write((tx) => tx.items.update(mailbox, ids[0] ?? 0, { subject: 'Other' }, 'slow'))
    assert.deepEqual([await find('brown'), await find('slow'), await find('cafe')], [[], [0], []])
    const moved = await store.write((tx) => tx.items.move(mailbox, ids[0] ?? 0, inbox.id, 1))
    ids[0] = moved.id
    assert.deepEqual(await find('slow'), [0])
    await store.write((tx) => tx.items.remove(mailbox, moved.id))
    assert.deepEqual(await find('slow'), [])
  })

  test(`words are asked of single fields, whole or as prefixes, beside other conditions (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const texts: [string, SearchText][] = [
      ['Straße nach Łódź', { from: 'Ærø Sørensen', to: 'Rob', body: 'alpha beta', attachment: 'plan.pdf gamma' }],
      ['Alpha', { from: 'Rob', cc: 'Ann', body: 'strassenbahn', category: 'Red' }],
    ]
    await store.write(async (tx) => {
      for (const [index, [subject, text]] of texts.entries())
        await tx.items.insert(newItem(inbox.id, { subject, size: index + 1, fromName: '', displayTo: '', displayCc: '' }), text)
    })
    const sizes = async (where: ColumnCondition) => {
      const scan = { mailbox, folders: [inbox.id], associated: false, where, order: [], limit: 10 }
      return (await store.read((tx) => tx.items.heads(scan))).map((item) => item.size)
    }
    assert.deepEqual(await sizes({ words: 'strasse' }), [1, 2])
    assert.deepEqual(await sizes({ words: 'STRASSE', whole: true }), [1])
    assert.deepEqual(await sizes({ words: 'lodz aero Sorensen' }), [1])
    assert.deepEqual(await sizes({ words: 'lodz ero' }), [])
    assert.deepEqual(await sizes({ words: 'rob', in: ['from'] }), [2])
    assert.deepEqual(await sizes({ words: 'rob', in: ['from', 'to'] }), [1, 2])
    assert.deepEqual(await sizes({ words: 'alpha', in: ['subject'] }), [2])
    assert.deepEqual(await sizes({ words: 'alpha', in: ['body'] }), [1])
    assert.deepEqual(await sizes({ words: 'plan pdf gam', in: ['attachment'] }), [1])
    assert.deepEqual(await sizes({ words: 'red', in: ['category'] }), [2])
    assert.deepEqual(await sizes({ or: [{ words: 'gamma' }, { words: 'ann', in: ['cc'] }, { column: 'size', is: '>', value: 9 }] }), [1, 2])
    assert.deepEqual(await sizes({ and: [{ words: 'alpha' }, { not: { words: 'gamma' } }, { words: 'rob' }] }), [2])
    assert.deepEqual(await sizes({ or: [{ and: [{ words: 'alpha' }, { words: 'gamma' }] }, { words: '…' }] }), [1, 2])
    assert.deepEqual(await sizes({ and: [{ words: '…' }, { words: 'red' }] }), [2])
    // As many words as a question takes.
    const many = Array.from({ length: 500 }, (_, n) => ({ words: `w${n}` }))
    assert.deepEqual(await sizes({ or: [...many, { words: 'red' }] }), [2])
    assert.deepEqual(await sizes({ and: many }), [])
  })

  test(`a copy is found by the words of what is stored of it (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox, other] = await makeMailbox(store, ['Inbox', 'Other'])
    const staged = await store.stage(Buffer.from('<style>p{color:red}</style><p>grün&nbsp;wiese</p>'))
    await store.write(async (tx) => {
      await tx.blobs.put(mailbox, staged)
      const made = await tx.items.insert(newItem(inbox.id, { body: staged.digest, properties: { bodyType: 'HTML' } }), 'grün wiese')
      await tx.items.copy(mailbox, made.id, other.id, 1)
    })
    const find = (words: string) =>
      store.read((tx) => tx.items.count({ mailbox, folders: [other.id], associated: false, where: { words } }))
    assert.deepEqual([await find('wiese'), await find('gru'), await find('color')], [1, 1, 0])
  })

  test(`calendar items are found where they touch the range (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [calendar] = await makeMailbox(store, ['Calendar'])
    await store.write(async (tx) => {
      const spans = [[0, 10], [10, 20], [15, null], [30, 40], [null, null]] as const // prettier-ignore
      for (const [index, [start, end]] of spans.entries()) {
        await tx.items.insert(newItem(calendar.id, { kind: 'calendar', start, end, subject: String(index), uid: `uid${index % 2}` }), '')
      }
    })
    const subjects = async (from: number, to: number, limit = 10) =>
      (await store.read((tx) => tx.items.overlapping(mailbox, calendar.id, from, to, limit))).map((item) => item.subject)
    assert.deepEqual(await subjects(0, 100), ['0', '1', '2', '3'])
    assert.deepEqual(await subjects(10, 15), ['1'])
    assert.deepEqual(await subjects(40, 50), ['2'])
    assert.deepEqual(await subjects(0, 100, 2), ['0', '1'])
    const byUid = async (folder: number, uid: string, limit = 10) =>
      (await store.read((tx) => tx.items.byUid(mailbox, folder, uid, limit))).map((item) => item.subject)
    assert.deepEqual([await byUid(calendar.id, 'uid1'), await byUid(calendar.id, 'uid1', 1)], [['3', '1'], ['3']])
    assert.deepEqual([await byUid(calendar.id, ''), await byUid(calendar.id + 1, 'uid1')], [[], []])
  })

  test(`whole folders are marked and emptied step by step (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    await store.write(async (tx) => {
      for (let n = 0; n < 25; n++) await tx.items.insert(newItem(inbox.id, { isRead: n % 5 === 0, associated: n === 24 }), 'some words')
    })
    const marked = [10, 10, 10].map((limit) => store.write((tx) => tx.items.markAll(mailbox, inbox.id, true, limit)))
    const counts = (await Promise.all(marked)).map((ids) => ids.length)
    assert.deepEqual(
      counts.sort((a, b) => b - a),
      [10, 9, 0],
    )
    const folder = await store.read((tx) => tx.folders.get(mailbox, inbox.id))
    assert.deepEqual([folder?.total, folder?.unread, folder?.associatedTotal, folder?.size], [24, 0, 1, 2500])
    const changes = await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, 0, 100))
    assert.equal(new Set(changes.map((item) => item.change)).size, 25)
    const [listed] = changes
    assert.equal(await store.write((tx) => tx.items.removeListed(mailbox, inbox.id + 1, [listed!.id])), 0, 'it lies elsewhere')
    assert.equal(await store.write((tx) => tx.items.removeListed(mailbox, inbox.id, [listed!.id, 1_000_000])), 1)
    assert.equal(await store.write((tx) => tx.items.removeSome(mailbox, inbox.id, 20)), 20)
    assert.equal(await store.write((tx) => tx.items.removeSome(mailbox, inbox.id, 20)), 4)
    assert.equal(await store.write((tx) => tx.items.removeSome(mailbox, inbox.id, 20)), 0)
    assert.equal((await store.read((tx) => tx.items.removedSince(mailbox, inbox.id, 0, 100))).length, 25)
    const empty = await store.read((tx) => tx.folders.get(mailbox, inbox.id))
    assert.deepEqual([empty?.total, empty?.unread, empty?.associatedTotal, empty?.size], [0, 0, 0, 0])
    assert.equal((await store.read((tx) => tx.mailboxes.get(mailbox)))?.size, 0)
  })
}

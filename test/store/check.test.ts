import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createStore } from '#store'
import { runBeside } from '../support/beside.ts'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

for (const engine of engines) {
  test(`a check finds planted damage (${engine.name})`, async () => {
    const options = await engine.options()
    const store = await createStore(options)
    const [inbox, other] = await makeMailbox(store, ['Inbox', 'Other'])
    const large = [await store.stage(Buffer.alloc(100_000, 'a')), await store.stage(Buffer.alloc(100_000, 'b'))] as const
    const small = await store.stage(Buffer.from('small'))
    const items = await store.write(async (tx) => {
      for (const blob of [...large, small]) await tx.blobs.put(mailbox, blob)
      const made = []
      for (let n = 0; n < 6; n++)
        made.push(await tx.items.insert(newItem(inbox.id, { mime: large[n % 2]?.digest ?? null, body: small.digest }), 'words'))
      await tx.objects.save({ organisation: 'o', kind: 'k', id: 'i', name: 'n', data: {}, keys: ['key'], globalKeys: ['everywhere'] })
      return made
    })
    let progress: [number, number] = [0, 0]
    const clean = await store.check((done, total) => {
      progress = [done, total]
    })
    assert.deepEqual([clean.mailboxes, clean.folders, clean.items, clean.blobs, clean.findings], [1, 3, 6, 3, []])
    assert.deepEqual(progress, [9, 9])

    const id = (n: number) => items[n]?.id ?? 0
    await runBeside(options, [
      `update "folders" set "unread" = "unread" + 1 where "id" = ${inbox.id}`,
      `update "mailboxes" set "size" = 1`,
      `update "folders" set "children" = 9 where "id" = ${other.id}`,
      `update "items" set "folder" = 777 where "id" = ${id(0)}`,
      `delete from "items" where "id" = ${id(1)}`,
      `insert into "tombstones" ("mailbox", "change", "what", "id", "folder") values ('${mailbox}', 900, 0, ${id(2)}, ${inbox.id})`,
      `update "items" set "body" = '${'1'.repeat(64)}' where "id" = ${id(3)}`,
      `insert into "attachments" ("mailbox", "item", "number", "kind", "name", "contentType", "contentId", "contentLocation", "inline", "size", "modified", "blob", "photo")
        values ('${mailbox}', 888, 1, 'file', '', '', '', '', 0, 1, 1, '${small.digest}', 0)`,
      `delete from "itemWords" where ${engine.name === 'sqlite' ? '"rowid"' : '"row"'} = (select "row" from "items" where "id" = ${id(4)})`,
      `update "items" set "change" = 5000 where "id" = ${id(5)}`,
      `delete from "objects"`,
    ])
    const path = (digest: string) => join(options.path ?? '', 'blobs', digest.slice(0, 2), digest.slice(2, 4), digest)
    writeFileSync(path(large[0].digest), 'not these bytes')
    rmSync(path(large[1].digest))

    const { findings } = await store.check()
    const expected: [RegExp, string][] = [
      [/^unread says 7, its items make/, `folder ${inbox.id}`],
      [/^size says 1,/, `mailbox ${mailbox}`],
      [/^children says 9, there are 0/, `folder ${other.id}`],
      [/^its folder 777 is not there/, `item ${id(0)}`],
      [/^the text index knows an item that is not there/, 'row'],
      [/^it is there and has a tombstone/, `item ${id(2)}`],
      [/^a row names a blob that is not there/, '1'.repeat(64)],
      [/^its item is not there/, 'item 888, attachment 1'],
      [/^the text index does not know it/, `item ${id(4)}`],
      [/^the last change is \d+, a row carries 5000/, `mailbox ${mailbox}`],
      [/^objectKeys names an object/, 'k i'],
      [/^globalKeys names an object/, 'k i'],
      [/^its bytes are not those of its digest/, large[0].digest],
      [/^its bytes are not there/, large[1].digest],
      [/^refs says/, small.digest],
    ]
    for (const [what, where] of expected) {
      assert.ok(
        findings.some((finding) => what.test(finding.what) && finding.where.includes(where)),
        `${what} ${where} not among ${JSON.stringify(findings, null, 1)}`,
      )
    }
    await store.close()
  })

  test(`a database of a newer version is refused, naming both (${engine.name})`, async () => {
    const options = await engine.options()
    await (await createStore(options)).close()
    await runBeside(options, [`update "meta" set "value" = '99' where "name" = 'version'`])
    const refused = await createStore(options).then(() => '', String)
    const own = /version 99.*versions up to (\d+)/.exec(refused)?.[1]
    assert.ok(own, refused)
    await runBeside(options, [`update "meta" set "value" = '${own}' where "name" = 'version'`])
    await (await createStore(options)).close()
  })
}

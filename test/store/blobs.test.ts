import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refusal } from '#model'
import { createStore } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

const large = (text: string) => Buffer.alloc(100_000, text)
const fileOf = (root: string, digest: string) => join(root, 'blobs', digest.slice(0, 2), digest.slice(2, 4), digest)

for (const engine of engines) {
  test(`small blobs lie in the database, large ones in files by digest, and read back (${engine.name})`, async () => {
    const options = await engine.options()
    const store = await createStore(options)
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const small = randomBytes(64 * 1024)
    const big = randomBytes(64 * 1024 + 1)
    const staged = [await store.stage(small), await store.stage(big), await store.stage(big), await store.stage(new Uint8Array())]
    assert.deepEqual(
      staged.map((blob) => [blob.size, blob.inline !== undefined]),
      [
        [65_536, true],
        [65_537, false],
        [65_537, false],
        [0, true],
      ],
    )
    const digest = createHash('sha256').update(big).digest('hex')
    assert.equal(staged[1]?.digest, digest)
    assert.ok(existsSync(fileOf(options.path ?? '', digest)))
    await store.write(async (tx) => {
      for (const blob of staged) await tx.blobs.put(mailbox, blob)
      await tx.items.insert(newItem(inbox.id, { mime: digest, body: staged[0]?.digest ?? null }), '')
    })
    await store.read(async (tx) => {
      assert.deepEqual(Buffer.from(await tx.blobs.get(mailbox, digest)), big)
      assert.deepEqual(Buffer.from(await tx.blobs.get(mailbox, staged[0]?.digest ?? '')), small)
    })
    const corrupt = (error: unknown) => error instanceof Refusal && error.code === 'ItemCorrupt'
    await assert.rejects(
      store.read((tx) => tx.blobs.get('another', digest)),
      corrupt,
    )
    await assert.rejects(
      store.write((tx) => tx.blobs.put(mailbox, { digest: '0'.repeat(64), size: 70_000 })),
      /was not staged/,
    )
    await store.close()
  })

  test(`a sweep removes what nothing refers to, and nothing else (${engine.name})`, async () => {
    let now = 1_000_000
    const options = await engine.options({ clock: () => now })
    const store = await createStore(options)
    const root = options.path ?? ''
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const [kept, replaced, dropped, unused] = await Promise.all(
      ['kept', 'replaced', 'dropped', 'unused'].map((text) => store.stage(large(text))),
    )
    const attached = await store.stage(Buffer.from('attached'))
    assert.ok(kept && replaced && dropped && unused)
    const ids = await store.write(async (tx) => {
      for (const blob of [kept, replaced, dropped, attached]) await tx.blobs.put(mailbox, blob)
      const a = await tx.items.insert(newItem(inbox.id, { mime: kept.digest, body: replaced.digest }), '')
      const b = await tx.items.insert(newItem(inbox.id, { mime: dropped.digest, body: kept.digest }), '')
      const row = {
        mailbox,
        item: b.id,
        kind: 'file' as const,
        name: '',
        contentType: '',
        contentId: '',
        contentLocation: '',
        inline: false,
        size: 8,
      }
      await tx.attachments.insert({ ...row, modified: 1, blob: attached.digest, photo: false })
      return [a.id, b.id] as const
    })
    const left = join(root, 'blobs', 'ab', 'cd')
    await mkdir(left, { recursive: true })
    await writeFile(join(left, 'half.tmp'), 'x')
    await utimes(join(left, 'half.tmp'), 1, 1)
    assert.equal(await store.sweep(now), 0)
    now += 10_000
    assert.equal(await store.sweep(now), 1)
    assert.ok(!existsSync(fileOf(root, unused.digest)))
    assert.ok(!existsSync(join(left, 'half.tmp')))
    const fresh = await store.stage(large('fresh'))
    await store.write(async (tx) => {
      await tx.blobs.put(mailbox, fresh)
      await tx.items.update(mailbox, ids[0], { body: fresh.digest })
      await tx.items.remove(mailbox, ids[1])
    })
    // Staged again just before the sweep: what a write is about to refer to stays.
    const again = await store.stage(large('dropped'))
    assert.equal(await store.sweep(now), 2)
    assert.ok(!existsSync(fileOf(root, replaced.digest)))
    await store.write(async (tx) => {
      await tx.blobs.put(mailbox, again)
      await tx.items.update(mailbox, ids[0], { mime: again.digest })
    })
    now += 10_000
    assert.equal(await store.sweep(now), 1)
    await store.read(async (tx) => {
      assert.deepEqual(Buffer.from(await tx.blobs.get(mailbox, again.digest)), large('dropped'))
      assert.deepEqual(Buffer.from(await tx.blobs.get(mailbox, fresh.digest)), large('fresh'))
    })
    assert.deepEqual((await store.check()).findings, [])
    await store.close()
  })
}

test('a backup of a store under load opens as a store of one moment', async () => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const options = await sqlite.options()
  const store = await createStore(options)
  const [inbox, other] = await makeMailbox(store, ['Inbox', 'Other'])
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-backup-'))
  let stop = false
  let written = 0
  const writers = Array.from({ length: 4 }, async (_, w) => {
    while (!stop) {
      const blob = await store.stage(written % 5 === 0 ? large(`${w} ${written}`) : randomBytes(5000))
      await store.write(async (tx) => {
        await tx.blobs.put(mailbox, blob)
        const item = await tx.items.insert(newItem(inbox.id, { mime: blob.digest }), `word${written}`)
        if (written % 3 === 0) await tx.items.move(mailbox, item.id, other.id, 1)
        if (written % 7 === 0) await tx.items.removeSome(mailbox, other.id, 2)
      })
      written++
    }
  })
  while (written < 200) await new Promise((resolve) => setImmediate(resolve))
  let last = 0
  await store.backup(join(folder, 'copy'), (done) => {
    last = done
  })
  const after = written
  stop = true
  await Promise.all(writers)
  assert.ok(last > 0)
  assert.ok(after > 200, 'writers went on during the backup')
  await assert.rejects(store.backup(join(folder, 'copy')), (error: unknown) => error instanceof Refusal && error.code === 'InvalidArgument')
  await store.close()

  const copy = await createStore({ ...options, path: join(folder, 'copy') })
  const report = await copy.check()
  assert.deepEqual(report.findings, [])
  assert.ok(report.items > 0)
  await copy.write((tx) => tx.items.insert(newItem(inbox.id), ''))
  await copy.close()
  assert.ok((await readdir(join(folder, 'copy'))).includes('isthmus.db'))
  await rm(folder, { recursive: true })
})

test('a backup of PostgreSQL is refused, naming pg_dump', async () => {
  const engine = engines.find((each) => each.name === 'postgres')
  assert.ok(engine)
  await using opened = await engine.use()
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-backup-'))
  await assert.rejects(opened.store.backup(folder), (error: unknown) => error instanceof Refusal && /pg_dump/.test(error.message))
  await rm(folder, { recursive: true })
})

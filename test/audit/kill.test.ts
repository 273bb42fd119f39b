import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createStore } from '#store'
import { engines } from '../support/engines.ts'

test('a kill leaves neither a deletion without its entry in the audit log nor an entry without its deletion (sqlite)', async () => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const options = await sqlite.options()
  const child = spawn(process.execPath, [fileURLToPath(new URL('./kill-child.ts', import.meta.url)), options.path ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    output += text
    if (output.split('\n').length > 200) child.kill('SIGKILL')
  })
  await ended
  // The last line may be cut.
  const [mailbox = '', ...acknowledged] = output.split('\n').slice(0, -1)
  assert.ok(acknowledged.length >= 150)
  const store = await createStore(options)
  const keysIn = async (kind: string, keyOf: (properties: Record<string, unknown>) => unknown) =>
    store.read(async (tx) => {
      const folder = await tx.folders.byKind(mailbox, kind)
      assert.ok(folder)
      const rows = await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: [], limit: 100_000 })
      return rows.map((row) => Number(keyOf(row.properties))).toSorted((a, b) => a - b)
    })
  const deleted = await keysIn('recoverableitemsdeletions', (properties) => properties.$searchKey)
  const told = await keysIn('audits', (properties) => (properties.$audit as { item: { key: number } }).item.key)
  assert.deepEqual(told, deleted)
  for (const item of acknowledged)
    assert.ok(told.includes(Number(item)), `the deletion of ${item} was acknowledged and is not written down`)
  assert.deepEqual((await store.check()).findings, [])
  await store.close()
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createStore } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox } from './samples.ts'

test('whatever was acknowledged is there after kill -9, and the check is clean (sqlite)', async () => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const options = await sqlite.options()
  const first = await createStore(options)
  const [inbox] = await makeMailbox(first, ['Inbox'])
  await first.close()
  let total = 0
  for (const enough of [1, 300, 1500]) {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./kill-child.ts', import.meta.url)), options.path ?? '', String(inbox.id)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const ended = new Promise((resolve) => child.once('close', resolve))
    let output = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text: string) => {
      output += text
      if (output.split('\n').length > enough) child.kill('SIGKILL')
    })
    await ended
    // The last line may be cut.
    const acknowledged = output.split('\n').slice(0, -1).map(Number)
    assert.ok(acknowledged.length >= enough)
    const store = await createStore(options)
    const present = new Set((await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, 0, 1_000_000))).map((item) => item.id))
    for (const id of acknowledged) assert.ok(present.has(id), `item ${id} was acknowledged and is lost`)
    assert.ok(present.size >= total + acknowledged.length)
    total = present.size
    assert.deepEqual((await store.check()).findings, [])
    await store.close()
  }
})

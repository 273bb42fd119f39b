import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTextIndex } from '#mailbox'
import { createMetrics } from '../../src/server/metrics.ts'
import { mailbox, makeMailbox, newItem, organisation } from '../store/samples.ts'
import { engines } from '../support/engines.ts'

for (const engine of engines) {
  test(`metrics tell how many items wait for their words to be made, and since when (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    let now = Date.now()
    const metrics = createMetrics({ store, clock: () => now })
    const told = async () => {
      const text = await metrics.text()
      return ['waiting_items', 'lag_seconds'].map((name) => Number(new RegExp(`^isthmus_text_index_${name} (\\S+)$`, 'm').exec(text)?.[1]))
    }
    assert.deepEqual(await told(), [0, 0])
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const content = await store.stage(Buffer.from('the words of the attachment'))
    for (let made = 0; made < 3; made++) {
      await store.write(async (tx) => {
        const { id } = await tx.items.insert(newItem(inbox.id), '')
        await tx.blobs.put(mailbox, content)
        const row = {
          mailbox,
          item: id,
          kind: 'file' as const,
          name: 'a.txt',
          contentType: 'text/plain',
          contentId: '',
          contentLocation: '',
          inline: false,
        }
        await tx.attachments.insert({ ...row, size: content.size, modified: 1, blob: content.digest, photo: false })
      })
    }
    const { since } = await store.read((tx) => tx.text.lag())
    assert.ok(since)
    now = since + 90_000
    assert.deepEqual(await told(), [3, 90])
    const [job] = await store.read((tx) => tx.jobs.list(organisation, 'TextIndex'))
    const index = createTextIndex({ store, clock: () => now, log: { warn: (_, message) => assert.fail(message) }, step: 2 })
    assert.ok(await index.run(job!), 'a step is not all')
    assert.equal((await told())[0], 1)
    assert.equal(await index.run(job!), undefined)
    assert.deepEqual(await told(), [0, 0])
    metrics.close()
  })
}

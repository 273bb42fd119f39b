import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createDirectory } from '#directory'
import { createMailboxes } from '#mailbox'
import { systemCaller } from '#model'
import { createTransport } from '#transport'
import { quickEngines } from '../support/engines.ts'
import { corpus } from './corpus.ts'
import { anonymous, inbound, to } from './mail-site.ts'

const messages = corpus()
const skip = messages.length === 0 ? '../shared/data/mail is not here' : false
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (detail: object, text: string) => assert.fail(`${text} ${JSON.stringify(detail)}`),
}

for (const engine of quickEngines) {
  const count = engine.name === 'sqlite' ? 500 : 100
  test(`${engine.name}: ${count} messages of the corpus are delivered and come out as they came`, { skip }, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const shared = { store, clock: () => Date.now(), random: randomBytes, log }
    const directory = createDirectory(shared)
    const mailboxes = createMailboxes({ ...shared, directory })
    const { id: organisation } = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
    const mary = await directory.create(organisation, { kind: 'UserMailbox', alias: 'mary', displayName: 'Mary' })
    await mailboxes.provision(organisation, mary.mailbox)
    const transport = createTransport({ ...shared, directory, mailboxes, resolver: { mx: async () => [], addresses: async () => [] } })

    const rounds = Array.from({ length: count }, (_, index) => messages[index % messages.length]?.bytes ?? Buffer.alloc(0))
    await Promise.all(rounds.map((bytes) => transport.accept(bytes, to('mary@contoso.com'), anonymous, inbound)))
    await transport.runDue()
    assert.equal(transport.metrics().delivered, count)

    const inbox = await store.read((tx) => tx.folders.byKind(mary.mailbox, 'inbox'))
    const scan = {
      mailbox: mary.mailbox,
      folders: [inbox?.id ?? 0],
      associated: false,
      order: [{ column: 'id' as const, descending: false }],
      limit: 1000,
    }
    const rows = await store.read((tx) => tx.items.rows(scan))
    const left = new Map<string, number>()
    for (const bytes of rounds) left.set(bytes.toString('latin1'), (left.get(bytes.toString('latin1')) ?? 0) + 1)
    for (let at = 0; at < rows.length; at += 50) {
      const refs = rows.slice(at, at + 50).map(({ mailbox, id }) => ({ mailbox, id }))
      for (const item of await mailboxes.getItems(systemCaller(organisation), refs, {
        shape: 'ids',
        mime: true,
        paths: [{ property: 'mimeContent' }],
      })) {
        assert.ok(!(item instanceof Error), String(item))
        const bytes = Buffer.from(item.properties['mimeContent'] as string, 'base64').toString('latin1')
        left.set(bytes, (left.get(bytes) ?? 0) - 1)
      }
    }
    assert.equal(rows.length, count)
    assert.deepEqual(
      [...left.values()].filter((count) => count !== 0),
      [],
    )
  })
}

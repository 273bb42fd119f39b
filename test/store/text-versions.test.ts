import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTextIndex } from '#mailbox'
import type { TextField } from '#model'
import { createStore, type ColumnCondition } from '#store'
import { steps } from '../../src/store/migrations/steps.ts'
import { runBeside } from '../support/beside.ts'
import { engines } from '../support/engines.ts'
import { mailbox, organisation } from './samples.ts'

/** What lay in the mailbox: subject, sender, body. */
const items = [
  { id: 1, subject: 'Straße gesperrt', from: 'Mary', body: 'Umleitung' },
  { id: 2, subject: 'Budget', from: 'Søren Kærgaard', body: 'strasse' },
  { id: 3, subject: 'Nothing', from: 'Mary', body: 'budget in the body' },
  { id: 4, subject: 'Łódź', from: 'Rob', body: 'smørrebrød' },
  { id: 5, subject: 'Plain', from: 'Rob', body: 'plain' },
]

/** Words as programs of version 5 and before kept them: without field, accents taken off, ß, æ, ø and ł as they are. */
const oldWords = (...texts: string[]): string[] => {
  const head = mailbox.replaceAll('-', '').slice(0, 12)
  const plain = texts
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu))].map((word) => head + word)
}

/** Statements that make such an item as a program of that time did. */
function oldItem(engine: string, { id, subject, from, body }: (typeof items)[number]): string[] {
  const properties = JSON.stringify({ body: { type: 'Text', value: body } })
  const words = oldWords(subject, from, body).join(' ')
  const row = `select "row" from "items" where "mailbox" = '${mailbox}' and "id" = ${id}`
  return [
    `insert into "items" ("mailbox", "id", "folder", "associated", "change", "contentChange", "kind", "itemClass", "created", "modified", "received",
      "size", "isRead", "isDraft", "hasAttachments", "importance", "sensitivity", "flagStatus", "subject", "fromName", "displayTo", "displayCc",
      "messageId", "conversation", "isRecurring", "uid", "mimeSize", "lastAttachment", "properties", "extended")
     values ('${mailbox}', ${id}, 1, 0, ${id}, ${id}, 'message', 'IPM.Note', 1, 1, ${id}, 1, 1, 0, 0, 1, 0, 0, '${subject}', '${from}', '', '',
      '', '', 0, '', 0, 0, '${properties}', '{}')`,
    engine === 'sqlite'
      ? `insert into "itemWords" ("rowid", "words") values ((${row}), '${words}')`
      : `insert into "itemWords" ("mailbox", "row", "words") values ('${mailbox}', (${row}), array_to_tsvector(string_to_array('${words}', ' ')))`,
  ]
}

for (const engine of engines) {
  for (const version of [3, 5]) {
    test(`a database of version ${version}: its items are found at once, by field when their words are made anew, step by step (${engine.name})`, async () => {
      const options = await engine.options()
      await runBeside(options, [
        ...(options.databaseSchema ? [`create schema "${options.databaseSchema}"`] : []),
        'create table "meta" ("name" text not null primary key, "value" text not null)',
        ...steps.filter((step) => step.version <= version).flatMap((step) => step.up({ engine: engine.name })),
        `insert into "meta" values ('version', '${version}')`,
        `insert into "mailboxes" ("mailbox", "organisation", "change", "size", "created", "settings") values ('${mailbox}', '${organisation}', 5, 5, 1, '{}')`,
        ...items.flatMap((item) => oldItem(engine.name, item)),
      ])
      const store = await createStore(options)
      const find = async (where: ColumnCondition) =>
        store.read(async (tx) => {
          const scan = { mailbox, folders: [1], associated: false, order: [{ column: 'id' as const, descending: false }], limit: 10, where }
          return (await tx.items.heads(scan)).map(({ id }) => id)
        })
      const words = (text: string, ...fields: TextField[]): ColumnCondition => ({
        words: text,
        ...(fields.length > 0 ? { in: fields } : {}),
      })
      const not = (...args: Parameters<typeof words>): ColumnCondition => ({ not: words(...args) })

      assert.deepEqual(await find(words('straße')), [1, 2], 'as it was kept then, and as it is kept now')
      assert.deepEqual(await find(words('Kærgaard')), [2])
      assert.deepEqual(await find(words('smørrebr')), [4])
      assert.deepEqual(await find(words('łódź smørrebrød')), [4])
      assert.deepEqual(await find(words('budget')), [2, 3])
      // What is denied of a field is denied of that field: the columns say where a word stands, and nothing is hidden that may not be.
      assert.deepEqual(await find(not('budget', 'subject')), [1, 3, 4, 5])
      assert.deepEqual(await find(not('mary', 'from')), [2, 4, 5])
      assert.deepEqual(await find(not('budget', 'from')), [1, 2, 3, 4, 5])
      assert.deepEqual(await find({ not: { or: [words('budget', 'subject'), words('mary', 'from')] } }), [4, 5])
      assert.deepEqual(await find({ not: { and: [words('plain', 'subject'), words('rob', 'from')] } }), [1, 2, 3, 4])
      assert.deepEqual(await find({ not: not('budget', 'subject') }), [2, 3], 'not denied after all')
      assert.deepEqual(await find(not('budget')), [1, 4, 5])

      const jobs = await store.read((tx) => tx.jobs.list(organisation, 'TextIndex'))
      assert.equal(jobs.length, 1)
      const index = createTextIndex({ store, clock: () => 1000, log: { warn: (_, message) => assert.fail(message) }, step: 2 })
      const waiting = () => store.read((tx) => tx.text.lag())
      assert.deepEqual(await waiting(), { waiting: 5, since: 0 })
      for (const left of [3, 1]) {
        assert.deepEqual(await index.run(jobs[0]!), { state: { mailbox }, due: 1000 }, 'there is more to do')
        assert.equal((await waiting()).waiting, left)
      }
      assert.equal(await index.run(jobs[0]!), undefined, 'that was all')
      assert.deepEqual(await waiting(), { waiting: 0, since: undefined })

      assert.deepEqual(await find(words('strasse')), [1, 2])
      assert.deepEqual(await find(words('budget', 'subject')), [2])
      assert.deepEqual(await find(words('budget', 'body')), [3])
      assert.deepEqual(await find(not('budget', 'subject')), [1, 3, 4, 5])
      assert.deepEqual(await find(not('budget', 'body')), [1, 2, 4, 5])
      assert.deepEqual(await find(words('lodz smorrebrod')), [4])
      await store.close()
    })
  }
}

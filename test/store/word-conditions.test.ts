/** Conditions of words put together in every way find what a plain reading of them finds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ColumnCondition } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

const vocabulary = ['apple', 'banana', 'cherry', 'damson'] as const
type Word = (typeof vocabulary)[number]
interface Written {
  subject: Word[]
  body: Word[]
  isRead: boolean
}

const some = fc.subarray([...vocabulary])
const written: fc.Arbitrary<Written> = fc.record({ subject: some, body: some, isRead: fc.boolean() })
const { condition } = fc.letrec<{ condition: ColumnCondition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ words: fc.constantFrom(...vocabulary, 'apple cherry', '!?') }),
    fc.record({ words: fc.constantFrom(...vocabulary), in: fc.constantFrom(['subject'], ['body'], ['subject', 'body']) }),
    fc.boolean().map((value) => ({ column: 'isRead', is: '=', value })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 4 }).map((and) => ({ and })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 4 }).map((or) => ({ or })),
    tie('condition').map((not) => ({ not })),
  ) as fc.Arbitrary<ColumnCondition>,
}))

function fits(item: Written, asked: ColumnCondition): boolean {
  if ('and' in asked) return asked.and.every((part) => fits(item, part))
  if ('or' in asked) return asked.or.some((part) => fits(item, part))
  if ('not' in asked) return !fits(item, asked.not)
  if ('words' in asked) {
    const has = (word: string) =>
      (asked.in ?? ['subject', 'body']).some((field) => (item[field as 'subject' | 'body'] as string[]).includes(word))
    return (asked.words.match(/[a-z]+/g) ?? []).every(has)
  }
  assert.ok('is' in asked && asked.column === 'isRead')
  return item.isRead === asked.value
}

for (const engine of engines) {
  test(`words, fields, AND, OR and NOT in any order find what they say (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inboxRow] = await makeMailbox(store, ['inbox'])
    const inbox = inboxRow.id
    const items: (Written & { id: number })[] = []
    for (const one of fc.sample(written, { numRuns: 60, seed: 7 })) {
      const subject = one.subject.join(' ')
      const { id } = await store.write((tx) =>
        tx.items.insert(newItem(inbox, { subject, isRead: one.isRead }), { body: one.body.join(' ') }),
      )
      items.push({ ...one, id })
    }
    await fc.assert(
      fc.asyncProperty(condition, async (where) => {
        const heads = await store.read((tx) =>
          tx.items.heads({ mailbox, folders: [inbox], associated: false, order: [{ column: 'id', descending: false }], where, limit: 100 }),
        )
        assert.deepEqual(
          heads.map(({ id }) => id).sort((a, b) => a - b),
          items.filter((one) => fits(one, where)).map(({ id }) => id), // prettier-ignore
        )
      }),
      { numRuns: 300 },
    )
  })
}

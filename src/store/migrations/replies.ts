import type { Step } from './steps.ts'

/** Who has had an automatic message of a mailbox. */
export const replies = (version: number): Step => ({
  version,
  up({ engine }) {
    const [text, int, keyed] = engine === 'sqlite' ? ['text', 'integer', 'strict, without rowid'] : ['text collate "C"', 'bigint', '']
    return [
      `create table "replies" ("mailbox" ${text} not null, "kind" ${text} not null, "about" ${text} not null, "at" ${int} not null, primary key ("mailbox", "kind", "about")) ${keyed}`,
    ]
  },
})

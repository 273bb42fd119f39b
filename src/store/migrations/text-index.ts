/** Items whose words are to be made by a job. All that are there already wait: their words do not say yet in which field they stand. */
import type { Step } from './steps.ts'

export const textIndex = (version: number): Step => ({
  version,
  up({ engine }) {
    const [text, number, end] = engine === 'sqlite' ? ['text', 'integer', ' strict, without rowid'] : ['text collate "C"', 'bigint', '']
    return [
      `create table "textQueue" ("mailbox" ${text} not null, "row" ${number} not null, "problem" ${text} not null, "since" ${number} not null, primary key ("mailbox", "row"))${end}`,
      `create index "textQueueWaiting" on "textQueue" ("mailbox", "row") where "problem" = ''`,
      `insert into "textQueue" ("mailbox", "row", "problem", "since") select "mailbox", "row", '', 0 from "items"`,
      `insert into "jobs" ("organisation", "id", "kind", "due", "holder", "leaseUntil", "state")
        select "organisation", 'text:' || "mailbox" || ':0', 'TextIndex', 0, '', 0, '{"mailbox":"' || "mailbox" || '"}' from "mailboxes"`,
    ]
  },
})

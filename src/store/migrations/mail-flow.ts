import type { Step } from './steps.ts'

/** Queues by next hop with their suspension, and the message tracking log. */
export const mailFlow = (version: number): Step => ({
  version,
  up({ engine }) {
    const [text, int, keyed] = engine === 'sqlite' ? ['text', 'integer', 'strict, without rowid'] : ['text collate "C"', 'bigint', '']
    return [
      `alter table "queueRecipients" add column "nextHop" ${text} not null default ''`,
      `alter table "queueRecipients" add column "held" ${int} not null default 0`,
      'update "queueRecipients" set "nextHop" = "route"',
      'drop index "queueFree"',
      'drop index "queueLeased"',
      'drop index "queueByRoute"',
      `create index "queueFree" on "queueRecipients" ("due") where "state" = 'waiting' and "holder" = '' and "held" = 0`,
      `create index "queueLeased" on "queueRecipients" ("leaseUntil") where "state" = 'waiting' and "holder" <> '' and "held" = 0`,
      `create index "queueByNextHop" on "queueRecipients" ("organisation", "nextHop", "message") where "state" = 'waiting'`,
      `create table "queueSuspensions" ("organisation" ${text} not null, "nextHop" ${text} not null, "since" ${int} not null,
        primary key ("organisation", "nextHop")) ${keyed}`,
      `create table "tracking" ("organisation" ${text} not null, "at" ${int} not null, "id" ${text} not null, "event" ${text} not null,
        "source" ${text} not null, "message" ${text} not null, "messageId" ${text} not null, "subject" ${text} not null,
        "sender" ${text} not null, "recipients" ${text} not null, "size" ${int} not null, "data" ${text} not null,
        primary key ("organisation", "at", "id")) ${keyed}`,
      `create index "trackingByMessageId" on "tracking" ("organisation", "messageId", "at")`,
    ]
  },
})

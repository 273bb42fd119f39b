import type { Step } from './steps.ts'

/** Items by their conversation, and by when they next remind: a column of its own, filled from the bag. */
export const conversations = (version: number): Step => ({
  version,
  up({ engine }) {
    const sqlite = engine === 'sqlite'
    // Read by pattern on PostgreSQL: its JSON type refuses escaped NUL characters, which old items may hold.
    const next = sqlite
      ? `cast(json_extract("properties", '$.reminderNextTime') as integer)`
      : `cast(substring("properties" from '"reminderNextTime":([0-9]+)') as bigint)`
    return [
      `alter table "items" add column "reminder" ${sqlite ? 'integer' : 'bigint'}`,
      // A series whose next time nobody has worked out yet is looked at from its beginning on.
      `update "items" set "reminder" = case when "isRecurring" = 1 then coalesce(${next}, "start") else ${next} end
        where "properties" like '%"reminderIsSet":true%'`,
      `create index "itemsByReminder" on "items" ("mailbox", "isRecurring", "reminder", "id") where "reminder" is not null`,
      `create index "itemsByConversation" on "items" ("mailbox", "conversation", "associated", "received", "id") where "conversation" <> ''`,
    ]
  },
})

import type { Step } from './steps.ts'

/**
 * The room of removed words is given back by the hourly sweep, not in the write that removes an item: there it made somebody else's FindItem
 * wait up to a tenth of a second (`bench/purge.ts`).
 */
export const tidiedWords = (version: number): Step => ({
  version,
  up: ({ engine }) => (engine === 'sqlite' ? [`insert into "itemWords" ("itemWords", "rank") values ('deletemerge', 0)`] : []),
})

import { isPinned } from '../items/pinned.ts'
import type { Step } from './steps.ts'

/** Messages that are pinned to the top of a folder are found without looking at the others. */
export const pinnedItems = (version: number): Step => ({
  version,
  up: () => [`create index "itemsPinned" on "items" ("mailbox", "folder", "associated", "received", "id") where ${isPinned('')}`],
})

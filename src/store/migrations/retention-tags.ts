import { hasOwnTag } from '../items/own-tag.ts'
import type { Step } from './steps.ts'

/** Items that have a retention tag of their own are found without looking at the others. */
export const retentionTags = (version: number): Step => ({
  version,
  up: () => [`create index "itemsByOwnTag" on "items" ("mailbox", "folder", "associated", "received", "id") where ${hasOwnTag('')}`],
})

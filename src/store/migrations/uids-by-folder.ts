import type { Step } from './steps.ts'

/** Meetings are looked up by UID in one folder: what lies elsewhere under the same UID, old versions above all, costs the look-up nothing. */
export const uidsByFolder = (version: number): Step => ({
  version,
  up: () => ['drop index "itemsByUid"', `create index "itemsByFolderUid" on "items" ("mailbox", "folder", "uid") where "uid" <> ''`],
})

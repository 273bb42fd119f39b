/** The retention tags and policies of the histories: as the organisation is given them, and as the model reads them. */
export type Action = 'MoveToDeletedItems' | 'DeleteAndAllowRecovery' | 'PermanentlyDelete' | 'MoveToArchive'

export interface Tag {
  /** What it is for: an item that somebody put it on, Deleted Items, Recoverable Items, or everything. */
  type: 'Personal' | 'DeletedItems' | 'RecoverableItems' | 'All'
  action: Action
  /** In days; undefined = never. */
  age: number | undefined
}

export const tags = {
  Week: { type: 'Personal', action: 'MoveToDeletedItems', age: 7 },
  Month: { type: 'Personal', action: 'DeleteAndAllowRecovery', age: 30 },
  Burn: { type: 'Personal', action: 'PermanentlyDelete', age: 20 },
  Away: { type: 'Personal', action: 'MoveToArchive', age: 15 },
  Ever: { type: 'Personal', action: 'DeleteAndAllowRecovery', age: undefined },
  'All to bin': { type: 'All', action: 'MoveToDeletedItems', age: 60 },
  'All deleted': { type: 'All', action: 'DeleteAndAllowRecovery', age: 50 },
  'All burnt': { type: 'All', action: 'PermanentlyDelete', age: 90 },
  'All archived': { type: 'All', action: 'MoveToArchive', age: 40 },
  'Bin emptied': { type: 'DeletedItems', action: 'DeleteAndAllowRecovery', age: 30 },
  'Bin burnt': { type: 'DeletedItems', action: 'PermanentlyDelete', age: 20 },
  'Recoverable archived': { type: 'RecoverableItems', action: 'MoveToArchive', age: 10 },
} as const satisfies Record<string, Tag>
export type TagName = keyof typeof tags

export const personalTags: readonly TagName[] = ['Week', 'Month', 'Burn', 'Away', 'Ever']

export const policies = {
  Filing: ['All to bin', 'Bin emptied', 'Recoverable archived'],
  Archiving: ['All deleted', 'All archived', 'Recoverable archived'],
  Burning: ['All burnt', 'Bin burnt'],
} as const satisfies Record<string, readonly TagName[]>
export type PolicyName = keyof typeof policies
export const policyNames = Object.keys(policies) as PolicyName[]

/** How the organisation names a tag by its id. */
export const tagIds = Object.fromEntries(
  Object.keys(tags).map((name, index) => [name, `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`]),
) as Record<TagName, string>

export const tagOfId = (id: string): TagName | undefined => (Object.keys(tags) as TagName[]).find((name) => tagIds[name] === id)

import type { RetentionTagRow } from '#directory'
import type { Instant } from '#model'
import type { ItemRow } from '#store'
import { lastActiveParent } from '../recoverable/relocate.ts'
import { tagOfItem, type FolderTags, type RetentionPlan, type TagTx, type Track } from './plan.ts'
import { agesFrom } from './tag.ts'

type Item = Pick<ItemRow, 'mailbox' | 'kind' | 'itemClass' | 'received' | 'modified' | 'isRecurring' | 'end' | 'properties'>

/** What holds for an item in a track, and when. */
export interface ItemTag {
  tag: RetentionTagRow
  /** Somebody put it on the item itself. */
  own: boolean
  /** When it acts; undefined = never. */
  due: Instant | undefined
}

/** The tag of a track that holds for an item of a folder, and when it is due; undefined = no tag does. */
export async function itemTag(tx: TagTx, plan: RetentionPlan, tags: FolderTags, item: Item, track: Track): Promise<ItemTag | undefined> {
  const found = await tagOfItem(tx, plan, tags, item, track)
  if (!found) return undefined
  const from = await startOf(tx, plan, tags, item, track)
  const { age } = found.tag
  return { ...found, due: age === undefined || from === undefined ? undefined : from + age }
}

/** From when the age counts. Mail that came to Deleted Items out of a folder where nothing was to be deleted counts from then. */
async function startOf(tx: TagTx, plan: RetentionPlan, tags: FolderTags, item: Item, track: Track): Promise<Instant | undefined> {
  const from = agesFrom(item, tags.place)
  const isMail = item.kind !== 'calendar' && item.kind !== 'task'
  const before = tags.place === 'deleted' && track === 'policyTag' && isMail ? lastActiveParent(item) : undefined
  if (from === undefined || before === undefined) return from
  const folder = await tx.folders.get(item.mailbox, before)
  if (!folder) return from
  const there = await tagOfItem(tx, plan, await plan.folder(tx, folder), item, track)
  return there?.tag.age === undefined ? Math.max(from, item.modified) : from
}

/** What is to be done with an item now, deletion before archiving; undefined = nothing. */
export async function dueAction(
  tx: TagTx,
  plan: RetentionPlan,
  tags: FolderTags,
  item: Item,
  now: Instant,
): Promise<RetentionTagRow | undefined> {
  for (const track of ['policyTag', 'archiveTag'] as const) {
    const found = await itemTag(tx, plan, tags, item, track)
    if (found?.due !== undefined && found.due <= now && acts(found.tag, tags, plan)) return found.tag
  }
  return undefined
}

/**
 * What is past its limit is only shown so; what lies in Deleted Items is there already; what lies in Recoverable Items is kept for the time of deleted
 * items, and goes by no tag.
 */
function acts({ action }: RetentionTagRow, { place }: FolderTags, { archives }: RetentionPlan): boolean {
  if (action === 'MoveToArchive') return archives && place !== 'none'
  if (place === 'none' || place === 'recoverable' || action === 'MarkAsPastRetentionLimit') return false
  return !(action === 'MoveToDeletedItems' && place === 'deleted')
}

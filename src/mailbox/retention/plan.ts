import { retentionPolicyOf, retentionTag, type Recipient, type RetentionTagRow, type RetentionTagType } from '#directory'
import type { FolderRow, ReadTx, Store } from '#store'
import { matchesClass, tagIdOf } from './tag.ts'

/** The default folders that a tag's type is for. */
const kindsOf: Readonly<Partial<Record<RetentionTagType, string>>> = {
  Calendar: 'calendar',
  Contacts: 'contacts',
  DeletedItems: 'deleteditems',
  Drafts: 'drafts',
  Inbox: 'inbox',
  JunkEmail: 'junkemail',
  Journal: 'journal',
  Notes: 'notes',
  Outbox: 'outbox',
  SentItems: 'sentitems',
  Tasks: 'tasks',
  SyncIssues: 'syncissues',
  ConversationHistory: 'conversationhistory',
  RecoverableItems: 'recoverableitemsroot',
}

/** Deletion and archiving are decided apart: an item has a tag for each. */
export const tracks = ['policyTag', 'archiveTag'] as const
export type Track = (typeof tracks)[number]
/** Where a folder keeps its own. */
export const folderTagNames = { policyTag: 'folderPolicyTag', archiveTag: 'folderArchiveTag' } as const satisfies Record<Track, string>
const trackOf = ({ action }: Pick<RetentionTagRow, 'action'>): Track => (action === 'MoveToArchive' ? 'archiveTag' : 'policyTag')

/** What holds for the items of a folder that have no tag of their own. */
export interface FolderTags {
  /** In Deleted Items, in Recoverable Items, among what people see, or nowhere that tags act. */
  place: 'deleted' | 'recoverable' | 'visible' | 'none'
  /** Its items age by their own times. */
  calendar: boolean
  /** Of the folder, or of the nearest one above it that has one. */
  policyTag: RetentionTagRow | undefined
  archiveTag: RetentionTagRow | undefined
  /** Tags for everything, those for a class of items first. */
  defaults: Readonly<Record<Track, readonly RetentionTagRow[]>>
}

/** What tags are looked up in: a transaction asks nothing but itself. */
export type TagTx = Pick<ReadTx, 'folders' | 'objects'>

/** What a mailbox's policy says, and the tags that its items and folders name. For one request or one step: it remembers what it found. */
export interface RetentionPlan {
  policy: string
  /** There is an archive that items can be moved to. */
  archives: boolean
  tags: readonly RetentionTagRow[]
  /** The tag with this id, in the policy or not. Deleted → undefined. */
  tag(tx: TagTx, id: string): Promise<RetentionTagRow | undefined>
  folder(tx: TagTx, folder: FolderRow): Promise<FolderTags>
}

/** The plan of a mailbox; undefined when it has no retention policy. In its archive nothing is archived once more. */
export async function retentionPlan(
  store: Pick<Store, 'objects'>,
  owner: Recipient | undefined,
  mailbox: string,
): Promise<RetentionPlan | undefined> {
  const organisation = owner?.organisation ?? ''
  const policy = owner && (await retentionPolicyOf(store, organisation, owner))
  if (!policy) return undefined
  const isArchive = owner.archive?.mailbox === mailbox
  const acting = isArchive ? policy.tags.filter((tag) => trackOf(tag) === 'policyTag') : policy.tags
  const ofKind = new Map<string, RetentionTagRow>()
  // A tag that is off is one all the same: what has it is not what the tag of everything is for, and stays ("Retention tags and retention policies").
  for (const tag of acting) if (kindsOf[tag.type]) ofKind.set(kindsOf[tag.type]!, tag)
  const ofEverything = acting
    .filter(({ type }) => type === 'All')
    .toSorted((a, b) => Number(a.messageClass === '*') - Number(b.messageClass === '*'))
  const known = new Map<string, Promise<RetentionTagRow | undefined>>(policy.tags.map((tag) => [tag.id, Promise.resolve(tag)]))
  const tag: RetentionPlan['tag'] = (tx, id) => {
    const found = known.get(id) ?? retentionTag(tx, organisation, id)
    known.set(id, found)
    return found
  }
  const looked = new Map<number, Promise<Nearest>>()
  const folders = new Map<number, Promise<FolderTags>>()
  const common: Known = {
    ...{ tag, ofKind, ofEverything, isArchive },
    nearest(tx, folder) {
      const found = looked.get(folder.id) ?? nearestTags(tx, folder, common)
      looked.set(folder.id, found)
      return found
    },
    async above(tx, { mailbox, parent }) {
      const found = looked.get(parent)
      if (found) return found
      const row = await tx.folders.get(mailbox, parent)
      return row && common.nearest(tx, row)
    },
  }
  return {
    policy: policy.name,
    archives: owner.archive !== undefined && !isArchive,
    tags: policy.tags,
    tag,
    folder(tx, folder) {
      const found = folders.get(folder.id) ?? folderTags(tx, folder, common)
      folders.set(folder.id, found)
      return found
    },
  }
}

interface Known extends Pick<RetentionPlan, 'tag'> {
  ofKind: ReadonlyMap<string, RetentionTagRow>
  ofEverything: readonly RetentionTagRow[]
  isArchive: boolean
  /** Of each folder once. */
  nearest(tx: TagTx, folder: FolderRow): Promise<Nearest>
  /** Of the folder above, which is looked up where nobody has come by it yet. */
  above(tx: TagTx, folder: Pick<FolderRow, 'mailbox' | 'parent'>): Promise<Nearest | undefined>
}

/** What a folder has from above, and of itself: the nearest tag of each track on the way up, and where that way leads. */
interface Nearest extends Partial<Record<Track, RetentionTagRow>> {
  place: FolderTags['place']
  contacts: boolean
}

/** A tag that somebody put on a folder goes before that of its kind, that before those of the folders above. */
async function nearestTags(tx: TagTx, folder: FolderRow, known: Known): Promise<Nearest> {
  const above = folder.parent === 0 ? undefined : await known.above(tx, folder)
  const found: Nearest = {
    ...above,
    place: places[folder.kind] ?? above?.place ?? 'none',
    contacts: folder.kind === 'contacts' || above?.contacts === true,
  }
  const byKind = known.ofKind.get(folder.kind)
  for (const track of tracks) {
    const tag = (await ownTag(tx, folder, track, known)) ?? (byKind && trackOf(byKind) === track ? byKind : undefined)
    if (tag) found[track] = tag
  }
  return found
}

async function folderTags(tx: TagTx, folder: FolderRow, known: Known): Promise<FolderTags> {
  const { place, contacts, policyTag, archiveTag } = await known.nearest(tx, folder)
  // A tag for everything is for mail and what is like it: contacts stay, and Recoverable Items have a tag of their own.
  const isForAll = (place === 'visible' || place === 'deleted') && !contacts
  const everything = (track: Track) => (isForAll ? known.ofEverything.filter((tag) => trackOf(tag) === track) : [])
  return {
    place,
    calendar: place === 'visible' && (folder.folderClass ?? '').toLowerCase().startsWith('ipf.appointment'),
    policyTag: place === 'recoverable' ? undefined : policyTag,
    archiveTag: known.isArchive ? undefined : archiveTag,
    defaults: { policyTag: everything('policyTag'), archiveTag: known.isArchive ? [] : everything('archiveTag') },
  }
}

const places: Readonly<Record<string, FolderTags['place']>> = {
  deleteditems: 'deleted',
  recoverableitemsroot: 'recoverable',
  msgfolderroot: 'visible',
}

async function ownTag(tx: TagTx, folder: FolderRow, track: Track, { tag }: Known): Promise<RetentionTagRow | undefined> {
  const id = tagIdOf(folder.properties[folderTagNames[track]])
  const found = id === undefined ? undefined : await tag(tx, id)
  return found && trackOf(found) === track ? found : undefined
}

/** The tag of a track that holds for an item, and whether it is the item's own. */
export async function tagOfItem(
  tx: TagTx,
  plan: RetentionPlan,
  tags: FolderTags,
  item: { itemClass: string; properties: Readonly<Record<string, unknown>> },
  track: Track,
): Promise<{ tag: RetentionTagRow; own: boolean } | undefined> {
  const id = tagIdOf(item.properties[track])
  const own = id === undefined ? undefined : await plan.tag(tx, id)
  if (own && trackOf(own) === track) return { tag: own, own: true }
  const inherited = tags[track] ?? tags.defaults[track].find(({ messageClass }) => matchesClass(messageClass, item.itemClass))
  return inherited && { tag: inherited, own: false }
}

/** The tag of a track that a folder shows: the one that holds for what lies in it, whatever its class, and whether somebody put it on this folder. */
export function tagOfFolder(tags: FolderTags, folder: FolderRow, track: Track): { tag: RetentionTagRow; own: boolean } | undefined {
  const tag = tags[track] ?? tags.defaults[track].find(({ messageClass }) => messageClass === '*')
  return tag && { tag, own: tagIdOf(folder.properties[folderTagNames[track]]) === tag.id }
}

/** The shortest age of those that hold for what has no tag of its own; undefined = nothing of it is ever due. */
export function shortestAge(tags: FolderTags, { archives }: Pick<RetentionPlan, 'archives'>): number | undefined {
  const acting = archives ? tracks : (['policyTag'] as const)
  const ages = acting.flatMap((track) => (tags[track] ? [tags[track]] : tags.defaults[track])).flatMap(({ age }) => age ?? [])
  return ages.length > 0 ? Math.min(...ages) : undefined
}

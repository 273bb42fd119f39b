import type { FolderRow, ItemRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { Folder, Wanted } from '../contract.ts'
import type { Access } from '../permissions/access.ts'
import { itemTag, type ItemTag } from './due.ts'
import { folderTagNames, retentionPlan, tagOfFolder, tracks, type RetentionPlan } from './plan.ts'
import { tagTree } from './tag.ts'

/** Properties of items that follow from the retention policy. */
const names: ReadonlySet<string> = new Set([
  'policyTag',
  'archiveTag',
  'retentionDate',
  'retentionPeriod',
  'retentionFlags',
  'archiveDate',
  'archivePeriod',
])
const day = 86_400_000
/** [MS-OXCMSG] 2.2.1.58.6 PidTagRetentionFlags. */
const flags = { policyTag: 0x01, archiveTag: 0x10 } as const

/** What holds for the items that one caller reads of a mailbox. Asks nothing where the mailbox has no policy: then what is stored is shown. */
export interface RetentionShown {
  asks(wanted: ReadonlySet<string>): boolean
  find(tx: ReadTx, row: ItemRow): Promise<Record<string, unknown>>
}

const hasPolicy = ({ owner }: Pick<Access, 'owner'>): boolean => typeof owner?.kept?.RetentionPolicy === 'string'

/**
 * What a mailbox's policy says, for items that are about to be read: from memory, and so to be asked for before the transaction, which would ask for
 * the policy and for each of its tags. Undefined where there is no policy, or nothing but ids is wanted.
 */
export async function planFor(
  { store }: Pick<MailboxContext, 'store'>,
  access: Pick<Access, 'owner' | 'mailbox'>,
  { shape, paths = [] }: Wanted,
): Promise<RetentionPlan | undefined> {
  const isAsked = hasPolicy(access) && (shape !== 'ids' || paths.length > 0)
  return isAsked ? retentionPlan(store, access.owner, access.mailbox) : undefined
}

/**
 * Tags, dates and periods of items by the mailbox's policy ([MS-OXWSCORE] 2.2.4.24 PolicyTag, ArchiveTag, RetentionDate). `ready` = what `planFor`
 * gave; without it the transaction is asked, should it come to that.
 */
export function retentionShown(access: Pick<Access, 'owner' | 'mailbox'>, ready?: RetentionPlan): RetentionShown {
  const { owner, mailbox } = access
  const has = hasPolicy(access)
  let plan = ready && Promise.resolve<RetentionPlan | undefined>(ready)
  const folders = new Map<number, Promise<FolderRow | undefined>>()
  return {
    asks: (wanted) => has && [...wanted].some((name) => names.has(name)),
    async find(tx, row) {
      const known = await (plan ??= retentionPlan(tx, owner, mailbox))
      const reading = folders.get(row.folder) ?? tx.folders.get(mailbox, row.folder)
      folders.set(row.folder, reading)
      const folder = await reading
      if (!known || !folder || row.associated) return {}
      const tags = await known.folder(tx, folder)
      if (tags.place === 'none') return {}
      const deleting = await itemTag(tx, known, tags, row, 'policyTag')
      const archiving = await itemTag(tx, known, tags, row, 'archiveTag')
      const own = (deleting?.own ? flags.policyTag : 0) | (archiving?.own ? flags.archiveTag : 0)
      return {
        ...shown(deleting, 'PolicyTag', 'policyTag', 'retentionDate', 'retentionPeriod'),
        ...shown(archiving, 'ArchiveTag', 'archiveTag', 'archiveDate', 'archivePeriod'),
        ...(deleting || archiving ? { retentionFlags: own } : {}),
      }
    },
  }
}

function shown(found: ItemTag | undefined, element: 'PolicyTag' | 'ArchiveTag', tag: string, date: string, period: string) {
  // A tag that was deleted is none, though the item names it.
  if (!found) return { [tag]: undefined }
  return {
    [tag]: tagTree(element, found.tag.id, found.own),
    [period]: Math.ceil((found.tag.age ?? 0) / day),
    ...(found.due === undefined ? {} : { [date]: found.due }),
  }
}

const elements = { policyTag: 'PolicyTag', archiveTag: 'ArchiveTag' } as const

/**
 * Shows folders with the tags that hold in them by the mailbox's policy ([MS-OXWSFOLD] 2.2.4.5 PolicyTag, ArchiveTag): a folder's own is explicit, that of
 * its kind, of a folder above or of everything is not. Costs a look at each folder above, at no item. Without a policy, or where tags are not
 * `asked` for, what is stored is shown. The policy is read from memory: to be called before the transaction.
 */
export async function folderTagging(
  { store }: Pick<MailboxContext, 'store'>,
  access: Pick<Access, 'owner' | 'mailbox'>,
  asked: boolean,
): Promise<(tx: ReadTx, folder: Folder) => Promise<Folder>> {
  const plan = asked && hasPolicy(access) ? await retentionPlan(store, access.owner, access.mailbox) : undefined
  if (!plan) return async (_, folder) => folder
  return async (tx, folder) => {
    const { row } = folder
    const tags = await plan.folder(tx, row)
    if (tags.place === 'none') return folder
    const properties = { ...row.properties }
    for (const track of tracks) {
      const found = tagOfFolder(tags, row, track)
      if (found) properties[folderTagNames[track]] = tagTree(elements[track], found.tag.id, found.own)
      else delete properties[folderTagNames[track]]
    }
    return { ...folder, row: { ...row, properties } }
  }
}
